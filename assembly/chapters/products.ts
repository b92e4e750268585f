// Sums of products: of rows, and of matrices.
export * from "../products/dot";
export * from "../products/matmul";
