import { copyto, countNonzero, divide, isnan, less, memory, multiply, type NDArray, random, shrink } from "nbytes";
import { type Plan, timeAll } from "./clock.js";
import { compare, type Outcome } from "./compare.js";
import { movieRatings } from "./data.js";
import { shortcut, ways } from "./fastcount.js";
import { pairs } from "./inplace.js";
import { type Pass, timePasses } from "./passes.js";

// The parts of the main job: each makes or loads its input, measures, and gives plain data for the tables and charts.

type Told = (what: string) => void;
type Float64 = NDArray<"float64">;

/** fastcount on one pair of arrays. */
export interface Fastcount {
  readonly title: string;
  readonly n: number;
  readonly missing: { readonly x: number; readonly y: number };
  readonly usable: number;
  readonly outcomes: readonly Outcome[];
}

/** Normally distributed float64, a fifth of it NaN, the same in every run. */
export function withGaps(seed: number, n: number): Float64 {
  const rng = random.defaultRng(seed);
  const x = rng.standardNormal(n);
  using u = rng.random(n);
  using gaps = less(u, 0.2);
  copyto(x, Number.NaN, { where: gaps });
  return x;
}

/** fastcount on the ratings of 3,201 films, with the shortcut that does another job. */
export async function fastcountOfMovies(plan: Plan, told: Told): Promise<Fastcount> {
  const inputs = await movieRatings();
  const title = "movies.json, IMDB against Rotten Tomatoes";
  return fastcount(title, inputs, plan, told, [{ name: "nanToNum, a shortcut", run: ({ x, y }) => shortcut(x, y) }]);
}

/** fastcount on n seeded values. */
export function fastcountOfGaps(n: number, plan: Plan, told: Told): Fastcount {
  return fastcount("seeded float64", { x: withGaps(1, n), y: withGaps(2, n) }, plan, told);
}

type FloatInputs = { readonly x: Float64; readonly y: Float64 };
type Extra = { readonly name: string; readonly run: (inputs: FloatInputs) => unknown };

function fastcount(
  title: string,
  inputs: FloatInputs,
  plan: Plan,
  told: Told,
  extra: readonly Extra[] = [],
): Fastcount {
  const { x, y } = inputs;
  const n = x.size;
  const four = ways.map(({ name, run }) => ({ name, run: (set: FloatInputs) => run(set.x, set.y) }));
  const outcomes = compare<FloatInputs>(inputs, [...four, ...extra], plan, timeAll, told);
  ways.forEach((way, k) => {
    const { allocs, allocated, peak, copied } = outcomes[k].bill;
    const got = [allocs, allocated, peak, copied].join(", ");
    const due = [way.bill.allocs, way.bill.allocated * n, way.bill.peak * n, way.bill.copied * n].join(", ");
    if (got !== due) throw new Error(`the bill of "${way.name}" is ${got}, not ${due}`);
  });
  const count = (of: Float64): number => {
    using mask = isnan(of);
    return countNonzero(mask);
  };
  const result = { title, n, missing: { x: count(x), y: count(y) }, usable: ways[2].run(x, y), outcomes };
  const usable = result.usable.count;
  for (const array of [x, y, result.usable.x, result.usable.y, result.usable.usable]) array.dispose();
  return { ...result, usable };
}

/** Where the bytes of one way come from: what the ledger prints, and its rows. */
export interface Lines {
  readonly n: number;
  readonly text: string;
  readonly rows: readonly memory.LineRow[];
}

/** Traces the second way on n values, line by line. */
export function linesOfFastcount(n: number): Lines {
  using x = withGaps(1, n);
  using y = withGaps(2, n);
  const trace = memory.trace(() => ways[1].run(x, y));
  for (const array of [trace.result.x, trace.result.y, trace.result.usable]) array.dispose();
  return { n, text: String(trace), rows: trace.lines().rows };
}

/** One operation, copying and in place. */
export interface InPlace {
  readonly name: string;
  readonly n: number;
  readonly code: readonly [copying: string, inPlace: string];
  readonly outcomes: readonly Outcome[];
}

/** The five operations on n seeded values. */
export function inPlaceAgainstCopying(n: number, plan: Plan, told: Told): InPlace[] {
  using x = withGaps(3, n);
  using y = withGaps(4, n);
  using u = random.defaultRng(5).random(n);
  using mask = less(u, 0.5);
  const results = pairs.map(({ name, copying, inPlace }) => {
    const both = [
      { name: "copying", run: copying.run },
      { name: "in place", run: inPlace.run },
    ];
    const outcomes = compare({ x, y, mask }, both, plan, timeAll, (what) => told(`${name}: ${what}`));
    return { name, n, code: [copying.code, inPlace.code] as const, outcomes };
  });
  return results;
}

/** A column of flights: how it is made, what error is accepted, and the edges of its bins. */
interface FlightColumn {
  readonly name: string;
  readonly unit: string;
  /** The largest error that is accepted. */
  readonly tolerance: number;
  readonly edges: readonly number[];
}

/** What shrinking the flights gave. Bytes. */
export interface Shrinking {
  readonly rows: number;
  readonly columns: readonly (FlightColumn & {
    readonly report: shrink.ColumnReport;
    readonly passes: readonly Pass[];
  })[];
  readonly before: number;
  readonly after: number;
  /** Live bytes at the highest moment while the columns were converted, those of the table included. */
  readonly peak: number;
  /** Seconds for the analysis of all columns, and bytes of its scratch. */
  readonly seconds: number;
  readonly scratch: number;
  /** What becomes of a running sum of the distances in float32. */
  readonly drift: shrink.Drift;
}

const flightColumns: readonly FlightColumn[] = [
  { name: "delay", unit: "min", tolerance: 0.5, edges: [0, 15, 30, 60, 120] },
  { name: "distance", unit: "miles", tolerance: 0.5, edges: [250, 500, 1000, 2000] },
  { name: "delay in hours", unit: "h", tolerance: 0.01, edges: [0, 0.25, 0.5, 1, 2] },
  { name: "distance in km", unit: "km", tolerance: 0.5, edges: [400, 800, 1600, 3200] },
];

/** Shrinks the flights' two columns, and two computed from them that have fractions. Disposes what it is given. */
export function shrinkFlights(
  flights: { readonly delay: Float64; readonly distance: Float64 },
  plan: { readonly seconds: number; readonly rounds: number },
  told: Told,
): Shrinking {
  const { delay, distance } = flights;
  const table: Record<string, NDArray> = {
    delay,
    distance,
    "delay in hours": divide(delay, 60),
    "distance in km": multiply(distance, 1.609344),
  };
  told("one pass over each column");
  const began = performance.now();
  const abs = Object.fromEntries(flightColumns.map(({ name, tolerance }) => [name, tolerance]));
  const scan = memory.trace(() => shrink.report(table, { abs }), { level: "counters" });
  const seconds = (performance.now() - began) / 1000;
  const columns = flightColumns.map((column, k) => {
    // Values with fractions would be other values in int16; times say something for the same values only.
    const passes =
      k < 2 ? timePasses(table[column.name], column.edges, plan, (what) => told(`${column.name}: ${what}`)) : [];
    return { ...column, report: scan.result.columns[k], passes };
  });
  const drift = shrink.report(distance, { candidates: ["float32"] }).columns[0].drift!;
  const { before, after } = scan.result;
  const conversion = memory.trace(() => shrink.apply(table, scan.result), { level: "events" });
  for (const array of Object.values(conversion.result)) array.dispose();
  return {
    rows: delay.size,
    columns,
    before,
    after,
    peak: before + conversion.peak,
    seconds,
    scratch: scan.peak,
    drift,
  };
}
