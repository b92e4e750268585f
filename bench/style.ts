/** The report's style: one column of at most 1,040 pixels, in the colours of the reader's system. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --card: #ffffff; --ink: #1d1f24; --soft: #62656d; --line: #e2e0d9; --grid: #ebe9e3;
  --good: #147a4b; --bad: #b3321f; --accent: #1f5fbf;
  --c1: #8a8f99; --c2: #3b7ddd; --c3: #12908e; --c4: #e2711d;
  --s1: #c3d7f4; --s2: #8fb7ea; --s3: #5a92dc; --s4: #2b69bf; --s5: #12397a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b; --card: #1c1f25; --ink: #e8e7e3; --soft: #a0a4ad; --line: #31353d; --grid: #2a2e35;
    --good: #5fd39a; --bad: #ff8f7a; --accent: #8ab8ff;
    --c1: #9298a3; --c2: #6ba3f5; --c3: #3fc1bd; --c4: #f59b4b;
    --s1: #3a5c94; --s2: #4c7cc4; --s3: #6fa1ea; --s4: #a3c8f8; --s5: #e4eefe;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 40px 20px 72px; }
header { margin-bottom: 36px; }
h1 { font-size: 2rem; line-height: 1.15; margin: 0 0 6px; letter-spacing: -0.02em; }
h2 { font-size: 1.35rem; margin: 56px 0 6px; letter-spacing: -0.01em; }
h3 { font-size: 1.02rem; margin: 32px 0 4px; }
h4 { font-size: .88rem; margin: 0 0 6px; font-weight: 600; }
p { margin: 6px 0 14px; max-width: 72ch; }
.lead { font-size: 1.1rem; color: var(--soft); }
.small, .table figcaption { font-size: .84rem; color: var(--soft); }
.small { margin: 6px 0 0; }
code, pre { font: .84em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
pre { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; margin: 12px 0; }
.warn { border: 1px solid var(--bad); color: var(--bad); border-radius: 8px; padding: 10px 14px; max-width: none; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); gap: 12px; margin: 24px 0 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
.card b { display: block; font-size: 1.5rem; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
.card span { font-size: .86rem; color: var(--soft); }
.table { margin: 14px 0; } .table figcaption { font-weight: 400; margin: 6px 2px 0; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 10px; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-size: .86rem; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 14px; white-space: nowrap; font-weight: 400; }
thead th { color: var(--soft); font-size: .8rem; border-bottom: 1px solid var(--line); }
tbody tr + tr > * { border-top: 1px solid var(--grid); }
.left { text-align: left; } .right { text-align: right; }
.good { color: var(--good); } .bad { color: var(--bad); font-weight: 600; } .dim { color: var(--soft); } .accent { color: var(--accent); }
.chart { margin: 14px 0; padding: 16px 18px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
figcaption { font-size: .9rem; font-weight: 600; margin-bottom: 10px; }
figcaption em { font-weight: 400; font-style: normal; color: var(--soft); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 14px; }
.pair .chart { margin: 0; }
.bar { display: grid; grid-template-columns: 10.5em 1fr 8.5em; gap: 10px; align-items: center; font-size: .86rem; margin: 5px 0; }
.bar svg { width: 100%; height: 16px; display: block; }
.figure { font-variant-numeric: tabular-nums; white-space: nowrap; }
.c1 { fill: var(--c1); } .c2 { fill: var(--c2); } .c3 { fill: var(--c3); } .c4 { fill: var(--c4); }
.light { opacity: .38; }
.panels { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 18px; }
.plot { position: relative; height: 150px; margin-left: 2.4em; }
.plot svg { width: 100%; height: 100%; display: block; overflow: visible; }
.plot line { stroke: var(--grid); vector-effect: non-scaling-stroke; }
.ticks span { position: absolute; right: calc(100% + 6px); transform: translateY(-50%); font-size: .74rem; color: var(--soft); }
.hit { fill: transparent; } g:hover .hit { fill: var(--grid); }
.dots { display: grid; grid-template-columns: 11.5em 1fr; gap: 10px; font-size: .86rem; }
.dots .label { align-self: center; white-space: nowrap; } .dots svg { width: 100%; height: 25px; display: block; }
.dots line { stroke: var(--grid); } .dots line.one { stroke: var(--soft); stroke-width: 1.5; }
.dots text { fill: var(--soft); font-size: 11.5px; text-anchor: middle; }
.dots circle { stroke: var(--card); stroke-width: 1.5; }
.dots:not(.axis):hover { background: var(--grid); }
.s1 { fill: var(--s1); } .s2 { fill: var(--s2); } .s3 { fill: var(--s3); } .s4 { fill: var(--s4); } .s5 { fill: var(--s5); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: .84rem; color: var(--soft); margin: 10px 0 0; max-width: none; }
.legend i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
i.c1 { background: var(--c1); } i.c2 { background: var(--c2); } i.c3 { background: var(--c3); } i.c4 { background: var(--c4); }
i.s1, i.s2, i.s3, i.s4, i.s5 { border-radius: 50%; }
i.s1 { background: var(--s1); } i.s2 { background: var(--s2); } i.s3 { background: var(--s3); } i.s4 { background: var(--s4); } i.s5 { background: var(--s5); }
details { margin: 14px 0; } summary { cursor: pointer; color: var(--accent); font-size: .92rem; }
footer { margin-top: 64px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--soft); font-size: .86rem; }
@media (max-width: 560px) {
  main { padding: 24px 14px 48px; } h1 { font-size: 1.6rem; }
  .chart { padding: 14px; } th, td { padding: 6px 10px; }
  .bar { grid-template-columns: 1fr auto; } .bar svg { grid-column: 1 / -1; grid-row: 2; height: 12px; }
  .bar { row-gap: 2px; margin: 9px 0; }
  .dots { grid-template-columns: 9.2em 1fr; font-size: .74rem; gap: 4px; }
}
@media print { .scroll, .chart { break-inside: avoid; } }
`;
