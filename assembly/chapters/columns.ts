// What a report on a column of numbers asks.
export * from "../moving/columns";
