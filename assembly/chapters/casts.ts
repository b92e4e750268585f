// Elements of one dtype as elements of another.
export * from "../moving/cast";
