// The contract with src/: every export takes and returns numbers only.
export * from "./elementwise/arithmetic";
export * from "./moving/bytes";
export * from "./moving/columns";
export * from "./elementwise/comparisons";
export * from "./moving/indices";
export * from "./elementwise/math";
export * from "./memory";
export * from "./elementwise/nan";
export * from "./elementwise/pairs";
export * from "./reducing/reductions";
export * from "./creating/ramp";
export * from "./creating/random";
export * from "./moving/cast";
export * from "./sorting/sort";
export * from "./sorting/order";
export * from "./sorting/search";
export { boxAddress, scratchAddress } from "./box";
