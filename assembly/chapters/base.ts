// What every array needs: the allocator, the box and the scratch areas, elements moved and numbered.
export * from "../memory";
export * from "../areas";
export * from "../moving/copy";
export * from "../moving/where";
export * from "../creating/ramp";
