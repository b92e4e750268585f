import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { costHere, costOfTracing } from "./cost.js";
import { flights } from "./data.js";
import { formatCount } from "./format.js";
import { goalsOf } from "./goals.js";
import { fastcountOfGaps, fastcountOfMovies, inPlaceAgainstCopying, linesOfFastcount, shrinkFlights } from "./jobs.js";
import * as print from "./print.js";
import * as progress from "./progress.js";
import { forgetHere, forgetting } from "./reclaim.js";
import { type Findings, reportHtml } from "./report.js";
import { measureSpeed } from "./speed.js";
import { useColours } from "./tables.js";

// `npm start`: the main job. `… speed` is the long speed table alone. NBYTES_BENCH_QUICK=1 makes a run of seconds.

const quick = Boolean(process.env.NBYTES_BENCH_QUICK);

/** What a run measures, and how long. */
const plans = quick
  ? {
      fastcount: [[100_000, 0.2]] as const,
      movies: 0.2,
      inPlace: [[100_000, 0.1]] as const,
      flights: 272_727,
      passes: 0.1,
      speed: { sizes: [100, 1e3, 1e5], rounds: 5, turn: 0.0005, short: true },
      forget: 2000,
    }
  : {
      fastcount: [
        [1_000_000, 2],
        [10_000_000, 3],
      ] as const,
      movies: 1,
      inPlace: [
        [1_000_000, 0.8],
        [10_000_000, 1.5],
      ] as const,
      flights: 3_000_000,
      passes: 0.5,
      speed: { sizes: [100, 1e3, 1e5, 1e6, 1e7], rounds: 11, turn: 0.002, short: true },
      forget: 4000,
    };
const rounds = quick ? 2 : 4;

async function mainJob(): Promise<void> {
  const began = performance.now();
  print.opening(quick);
  print.fastcountHead();
  progress.step("fastcount, movies.json");
  const fastcounts = [await fastcountOfMovies({ calls: 16, seconds: plans.movies, rounds }, progress.detail)];
  print.fastcountPart(fastcounts[0]);
  for (const [n, seconds] of plans.fastcount) {
    progress.step(`fastcount, n = ${formatCount(n)}`);
    const result = fastcountOfGaps(n, { calls: 1, seconds, rounds }, progress.detail);
    fastcounts.push(result);
    print.fastcountPart(result);
  }
  print.timelines(fastcounts[fastcounts.length - 1]);
  const lines = linesOfFastcount(1_000_000);
  print.lineTable(lines.text);

  const inPlace = plans.inPlace.flatMap(([n, seconds]) => {
    progress.step(`in place against copying, n = ${formatCount(n)}`);
    return inPlaceAgainstCopying(n, { calls: 1, seconds, rounds }, progress.detail);
  });
  print.inPlacePart(inPlace);

  progress.step("flights-3m.parquet");
  const table = await flights(plans.flights, (rows) => progress.detail(`${formatCount(rows)} rows`));
  const shrinking = shrinkFlights(table, { seconds: plans.passes, rounds: 2 }, progress.detail);
  print.shrinkPart(shrinking);

  progress.step("speed beside NumPy and plain loops");
  const speed = await measureSpeed(plans.speed, progress.detail);
  progress.step(`forgetting to dispose, ${formatCount(plans.forget)} times`);
  const forgot = await forgetting(plans.forget);
  const goals = goalsOf(speed.cells, forgot);
  print.speedPart(speed, goals, forgot);
  if (!quick) {
    progress.step("what tracing costs");
    print.costPart(await costOfTracing(15, progress.detail));
  }

  const seconds = (performance.now() - began) / 1000;
  const about = { quick, machine: print.machine(), date: new Date().toISOString().slice(0, 10), seconds };
  print.closing(write({ ...about, fastcounts, lines, inPlace, shrinking, speed, goals, forgetting: forgot }), seconds);
}

function write(findings: Findings): string {
  const folder = fileURLToPath(new URL("../../report/", import.meta.url));
  const path = `${folder}nbytes-report.html`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, reportHtml(findings));
  return path;
}

async function speedJob(): Promise<void> {
  print.opening(quick);
  progress.step("speed beside NumPy and plain loops");
  const sizes = quick ? plans.speed.sizes : [100, 1e3, 1e4, 1e5, 1e6, 1e7];
  const speed = await measureSpeed({ sizes, rounds: 11, turn: quick ? 0.0005 : 0.005, short: false }, progress.detail);
  const times = quick ? 2000 : 100_000;
  progress.step(`forgetting to dispose, ${formatCount(times)} times`);
  const forgot = await forgetting(times);
  print.speedPart(speed, goalsOf(speed.cells, forgot), forgot);
}

const [job = "all", argument = ""] = process.argv.slice(2);
useColours(Boolean(process.stdout.isTTY) && !process.env.NO_COLOR);
if (job === "forget") process.stdout.write(JSON.stringify(forgetHere(Number(argument))));
else if (job === "cost") process.stdout.write(JSON.stringify(await costHere()));
else if (job === "speed") await speedJob();
else if (job === "all") await mainJob();
else {
  process.stderr.write(`unknown job "${job}": all (or none) or speed\n`);
  process.exitCode = 2;
}
