// The contract with src/: every export takes and returns numbers only.
export * from "./arithmetic";
export * from "./bytes";
export * from "./columns";
export * from "./comparisons";
export * from "./indices";
export * from "./math";
export * from "./memory";
export * from "./nan";
export * from "./reductions";
export * from "./ramp";
export * from "./random";
export * from "./cast";
export { boxAddress, scratchAddress } from "./box";
