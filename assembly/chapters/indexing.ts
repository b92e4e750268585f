// Elements by masks and by indices.
export * from "../moving/compress";
export * from "../moving/take";
export * from "../moving/indices";
