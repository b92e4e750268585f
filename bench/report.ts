import { formatBytes, formatCount, formatMultiple, formatPercent, formatRatio, formatTime } from "./format.js";
import { type Goal, goalTable, power, ratioOf, speedTable, timeTable } from "./goals.js";
import { barChart, dotChart, escapeHtml, htmlTable, legend, stepCharts } from "./html.js";
import type { Fastcount, InPlace, Lines, Shrinking } from "./jobs.js";
import { type Forgetting, smallerText } from "./reclaim.js";
import {
  candidateTable,
  differenceNotes,
  fastcountCaption,
  fastcountTable,
  inPlaceTable,
  lineTable,
  passTable,
  shrinkTable,
} from "./results.js";
import type { Cell, SpeedResult } from "./speed.js";
import { style } from "./style.js";

/** Everything the main job found out. */
export interface Findings {
  readonly quick: boolean;
  readonly machine: string;
  readonly date: string;
  readonly seconds: number;
  readonly fastcounts: readonly Fastcount[];
  readonly lines: Lines;
  readonly inPlace: readonly InPlace[];
  readonly shrinking: Shrinking;
  readonly speed: SpeedResult;
  readonly goals: readonly Goal[];
  readonly forgetting: Forgetting | null;
}

/** The report: one HTML file that asks nothing of any network. */
export function reportHtml(findings: Findings): string {
  const parts = [fastcountSection, inPlaceSection, shrinkSection, speedSection];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>nbytes: time, and the bill for every byte</title>
<style>${style}</style>
</head>
<body>
<main>
${opening(findings)}
${parts.map((part) => `<section>${part(findings)}</section>`).join("\n")}
<footer>Made by <code>npm start</code> on ${escapeHtml(findings.date)}, in ${formatTime(findings.seconds)}. ${escapeHtml(findings.machine)}.
Times are medians on this machine, and another machine has others; bytes and counts are exact and the same everywhere.</footer>
</main>
</body>
</html>
`;
}

function opening({ quick, machine, fastcounts, shrinking, goals }: Findings): string {
  const big = fastcounts[fastcounts.length - 1];
  const [copying] = big.outcomes,
    inPlace = big.outcomes[3];
  const figures = goals.flatMap(({ at }) => [...at.values()]);
  const reached = figures.filter((figure) => figure.reached).length;
  const cards: readonly [figure: string, text: string][] = [
    [
      `${formatMultiple(copying.bill.allocated, big.n)} → ${formatMultiple(inPlace.bill.allocated, big.n)}`,
      `bytes allocated by fastcount, copying and in place: ${formatBytes(copying.bill.allocated)} and ${formatBytes(inPlace.bill.allocated)}`,
    ],
    [`${formatRatio(inPlace.ratio!)}×`, `the time of copying, for the same result in place, n = ${formatCount(big.n)}`],
    [
      `−${formatPercent(1 - shrinking.after / shrinking.before)}`,
      `of ${formatBytes(shrinking.before)} of flights, by giving each column the dtype it needs`,
    ],
    [`${reached} of ${figures.length}`, "speed figures reach what is asked of them"],
  ];
  const warning = quick
    ? `<p class="warn">A quick run (NBYTES_BENCH_QUICK): smaller inputs and few samples. Its figures are a smoke test.</p>`
    : "";
  return `<header>
<h1>nbytes: time, and the bill for every byte</h1>
<p class="lead">The same work done in several ways. Each way is checked for the same result, billed to the byte by the engine's own
ledger, and only then timed.</p>
<p class="small">${escapeHtml(machine)}</p>
${warning}
<div class="cards">${cards.map(([figure, text]) => `<div class="card"><b>${escapeHtml(figure)}</b><span>${escapeHtml(text)}</span></div>`).join("")}</div>
</header>`;
}

function fastcountSection({ fastcounts, lines }: Findings): string {
  const parts = fastcounts.map((result) => {
    const notes = differenceNotes(result.outcomes).map((note) => `<p class="small">${escapeHtml(note)}</p>`);
    const four = result.outcomes.filter(({ timing }) => timing !== null);
    const time = barChart(
      `Time <em>of one call; medians of ${Math.min(...four.map(({ timing }) => timing!.samples))} samples or more</em>`,
      four.map(({ name, timing, ratio }, k) => ({
        label: name,
        value: timing!.median,
        text: `${formatTime(timing!.median)}  ×${formatRatio(ratio!)}`,
        colour: k + 1,
      })),
    );
    const bytes = barChart(
      "Bytes <em>pale: allocated in sum; full: live at the peak</em>",
      four.map(({ name, bill }, k) => ({
        label: name,
        value: bill.allocated,
        part: bill.peak,
        text: `${formatMultiple(bill.allocated, result.n)}, peak ${formatMultiple(bill.peak, result.n)}`,
        colour: k + 1,
      })),
    );
    return `<h3>${escapeHtml(fastcountCaption(result))}</h3><div class="pair">${bytes}${time}</div>${htmlTable(
      fastcountTable(result),
      "ratio: time over that of copying. n stands for one byte per pair.",
    )}${notes.join("")}`;
  });
  return `<h2>1 · fastcount: in place against copying</h2>
<p>Two arrays with missing values: mask where either is missing, zero both there, say which pairs are usable and how many. The four ways
give equal results. Their bills are exact: 5 arrays and 19n bytes, 18n at the peak with <code>using</code>; 3 arrays and 17n; 1 array and n.</p>
${parts.join("\n")}
${timeline(fastcounts[fastcounts.length - 1])}
<h3>Where the bytes come from</h3>
<p>The second way, line by line: <code>memory.trace</code> knows the lines of the TypeScript source.</p>
${htmlTable(lineTable(lines.rows), `Lines of bench/fastcount.ts, n = ${formatCount(lines.n)}. freed: bytes that the line gave back; live after: when it was done.`)}`;
}

function timeline({ outcomes, n }: Fastcount): string {
  const four = outcomes.filter(({ timing }) => timing !== null);
  const charts = four.map(({ name, bill }, k) => ({
    title: name,
    colour: k + 1,
    values: bill.timeline.map(({ live, text }) => ({ live, text: `${text}: ${formatBytes(live)} live` })),
    note: `peak ${formatMultiple(bill.peak, n)}: ${bill.timeline.map(({ text }) => text).join(", ")}`,
  }));
  const ticks: [number, string][] = [0, 5, 10, 15, 19].map((multiple) => [
    multiple * n,
    multiple === 0 ? "0" : `${multiple}n`,
  ]);
  return stepCharts(
    `Live bytes <em>after each allocation and release, n = ${formatCount(n)}</em>`,
    charts,
    19 * n,
    ticks,
  );
}

function inPlaceSection({ inPlace }: Findings): string {
  const sizes = [...new Set(inPlace.map(({ n }) => n))];
  const charts = sizes.map((n) =>
    barChart(
      `Time in place over time copying <em>n = ${formatCount(n)}</em>`,
      inPlace
        .filter((result) => result.n === n && result.outcomes[1].ratio !== null)
        .map(({ name, outcomes }) => ({
          label: name,
          value: Math.max(1, outcomes[1].ratio!),
          part: outcomes[1].ratio!,
          text: `×${formatRatio(outcomes[1].ratio!)}`,
          colour: 4,
        })),
    ),
  );
  const [first] = sizes;
  const code = inPlace
    .filter(({ n }) => n === first)
    .map(({ code: [copying, over] }) => `<code>${escapeHtml(copying)}</code> and <code>${escapeHtml(over)}</code>`);
  return `<h2>2 · One operation at a time</h2>
<p>The same result into a new array and over the array that was read. In place allocates nothing, scratch included. Compared are
${code.join("; ")}.</p>
<div class="pair">${charts.join("")}</div>
${htmlTable(inPlaceTable(inPlace), "The copying call includes giving its result back.")}`;
}

function shrinkSection({ shrinking }: Findings): string {
  const { columns, rows, scratch, seconds, before, after, peak, drift } = shrinking;
  const bars = columns.flatMap(({ name, unit, tolerance, report: { before, after, best, verdict } }) => {
    const why =
      verdict === "refused" ? "nothing smaller" : verdict === "lossless" ? "lossless" : `± ${tolerance} ${unit}`;
    return [
      { label: name, value: before, text: `${formatBytes(before)} float64`, colour: 1 },
      { label: `→ ${best}`, value: after, text: `${formatBytes(after)} ${why}`, colour: 3 },
    ];
  });
  const details = columns.map(
    ({ name, report }) =>
      `<h3>${escapeHtml(name)}</h3>${report.ideas.map(({ text }) => `<p class="small">${escapeHtml(text)}</p>`).join("")}` +
      htmlTable(
        candidateTable(report),
        `Every dtype tried on ${name}. Errors are those of the values that do not overflow.`,
      ),
  );
  return `<h2>3 · dtype shrink: ${formatCount(rows)} flights</h2>
<p>The columns <code>delay</code> and <code>distance</code> of the flights, and two computed from them that have fractions. One pass
over each column tries eight dtypes at once: ${formatTime(seconds)} for all four, with ${formatBytes(scratch)} of scratch. Converted column by column,
the table shrinks from ${formatBytes(before)} to ${formatBytes(after)} and never takes more than ${formatBytes(peak)}.</p>
${barChart("Bytes before and after <em>the smallest dtype within the tolerance</em>", bars)}
${htmlTable(shrinkTable(shrinking), "lossless: changes no value. within: keeps every value within the tolerance.")}
<details><summary>Every dtype that was tried, and why it was refused</summary>${details.join("")}</details>
<h3>What a pass costs at each dtype</h3>
${htmlTable(passTable(shrinking), "× is the share of the time at float64. count by bin: one comparison and one count for each edge.")}
<p>A running sum kept in float32 drifts: ${formatCount(drift.running)} miles instead of ${formatCount(drift.exact)}. The engine's <code>sum</code> adds
pairwise and gives ${formatCount(drift.paired)} in float32.</p>`;
}

function dotsOf(
  cells: readonly Cell[],
  beside: "numpy" | "loop",
  range: readonly [number, number],
  title: string,
): string {
  const sizes = [...new Set(cells.map(({ n }) => n))],
    names = [...new Set(cells.map(({ name }) => name))];
  const rows = names.map((label) => ({
    label,
    dots: cells
      .filter((cell) => cell.name === label && ratioOf(cell, beside) !== null)
      .map((cell) => {
        const ratio = ratioOf(cell, beside)!;
        return { ratio, shade: shadeOf(cell.n, sizes), text: `${label}, ${power(cell.n)}: ${formatRatio(ratio)}` };
      }),
  }));
  const chart = dotChart(
    title,
    rows.filter(({ dots }) => dots.length > 0),
    range,
  );
  const entries = sizes.map((n) => ({ kind: `s${shadeOf(n, sizes)}`, text: `n = ${power(n)}` }));
  return chart.replace("</figure>", `${legend(entries)}</figure>`);
}

// Larger arrays are darker; the shades are spread over however many sizes there are.
function shadeOf(n: number, sizes: readonly number[]): number {
  return 1 + Math.round((sizes.indexOf(n) * 4) / Math.max(1, sizes.length - 1));
}

function speedSection({ speed: { cells, about }, goals, forgetting }: Findings): string {
  const numpy =
    about === null
      ? `<p>No Python with NumPy 2 was found, so only plain loops stand beside.</p>`
      : `<p>NumPy ${escapeHtml(about.numpy)} (Python ${escapeHtml(about.python)}, ${escapeHtml(about.simd)}) and nbytes took turns in one run; inputs and
results were compared first, bit for bit where the operation does not round. A result that is not written into <code>out</code> is given back
within the call. From some 10⁶ elements on, much of the time is memory's: NumPy gets fresh pages for large results, nbytes uses those of
the result before.</p>
${dotsOf(cells, "numpy", [1 / 16, 8], "Time of nbytes over time of NumPy <em>left of 1: nbytes takes less time</em>")}
${htmlTable(speedTable(cells, "numpy"), "Time of nbytes over time of NumPy.")}`;
  const price =
    forgetting === null
      ? ""
      : `<h3>The price of forgetting</h3>
<p>${formatCount(forgetting.iterations)} times <code>y = add(x, 1)</code> on 8 MB arrays, disposing nothing, asked for ${formatBytes(forgetting.asked)} and
took ${formatTime(forgetting.forgetting)}, ${formatRatio(forgetting.forgetting / forgetting.disposing)} times as long as with <code>dispose</code>. Linear
memory ended at ${formatBytes(forgetting.reserved)}. ${smallerText(forgetting.smaller)}</p>`;
  return `<h2>4 · Speed</h2>
${numpy}
<h3>What is asked, and what was measured</h3>
${htmlTable(goalTable(goals), "✓ reached, ✗ not reached, in this run on this machine.")}
${price}
<details><summary>Beside plain JavaScript loops, and all times</summary>
${dotsOf(cells, "loop", [1 / 64, 8], "Time of nbytes over time of a plain loop <em>into an array that is there already</em>")}
${htmlTable(timeTable(cells), "Times: nbytes / NumPy / plain loop.")}
</details>`;
}
