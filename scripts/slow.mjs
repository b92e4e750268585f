// The tests that take long: the quick run leaves them out, the full one begins with them, so that none is alone at its end.

/** Files and folders, with the seconds that they took in Node, two files at a time, when they were chosen. */
export const SLOW = [
  // They pack, bundle, compile, start programs or wait.
  "test/package/**", //                        66
  "test/project/docs.node.test.ts", //         57  every program of the guide
  "test/project/hosts.node.test.ts", //        23
  "test/examples/scaleOut.node.test.ts", //    20  Dask, twice
  "test/mapped/misuse.node.test.ts", //        10  nonsense in every place
  "test/project/types.node.test.ts", //        18
  "test/matchers/lockfile.node.test.ts", //    14
  "test/project/trace.node.test.ts", //        10
  "test/memory/record/reclaim.node.test.ts", // 7
  "test/every/hostile.node.test.ts", //         5
  "test/memory/places/bundles.node.test.ts", // 4
  "test/project/large.node.test.ts", //         3
  "test/memory/report/html.node.test.ts", //    3
  "test/bench/**", //                           5
  "test/cli/commands/program.node.test.ts", //  8
  "test/cli/commands/bench.node.test.ts", //    2
  "test/cli/commands/worker.node.test.ts", //   2, and the build of the package
  "test/mapped/load.node.test.ts", //           1, and the same
  "test/cli/commands/files.node.test.ts", //    3
  "test/zarr/hostile.test.ts", //               5
  "test/zarr/python.node.test.ts", //           3  asks Python's Zarr
  "test/examples/**", //                        2
  "test/files/numpy.node.test.ts", //           3  asks NumPy
  "test/files/hostile.test.ts", //              4
  "test/mapped/large.node.test.ts", //          4
  "test/columnar/hostile.node.test.ts", //      9
  "test/columnar/realData.node.test.ts", //     6  real files, through both formats
  "test/memory/watch/tasksElsewhere.node.test.ts", // 3
  "test/memory/places/fileNames.test.ts", //    2
  // They go through what other files test: at random, or once more from the side of the guide.
  "test/fuzz/**", //                           27  `npm run fuzz` runs it for longer
  "test/lessons/**", //                        10
  "test/operations/lazy.test.ts", //            7
  "test/core/math.test.ts", //                  5  every function at many values
  "test/files/properties.test.ts", //           4
  "test/reducing/reductions.test.ts", //        7  every reduction in every layout
  "test/every/properties.test.ts", //           6
  "test/every/honest.test.ts", //               8  every function, with each of its allocations refused
  "test/heap/lazyCopy.test.ts", //              3
  "test/memory/record/programs.test.ts", //     2
  "test/sorting/pivots.test.ts", //             2
];

/** Whether a test is one of them. */
export const isSlow = (path) => SLOW.some((files) => path.includes(files.replace("**", "")));

/**
 * The tests that must begin with an engine nobody has used: they count blocks or arrays, move through all of memory, or
 * look at the engine's start. In the quick run each has a process to itself, and all others share one for each processor,
 * which saves a third of a second for each of them.
 */
export const ALONE = [
  "test/memory/**",
  "test/heap/**",
  "test/array/ndarray.test.ts",
  "test/every/misuse.test.ts",
  "test/project/slim.test.ts",
];
