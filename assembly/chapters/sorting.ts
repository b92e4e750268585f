// Sorting, order and search along the lanes of an axis.
export * from "../sorting/sort";
export * from "../sorting/order";
export * from "../sorting/search";
