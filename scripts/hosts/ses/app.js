import "ses";

lockdown();
const nb = await import("nbytes");
const { memory } = nb;
const a = nb.arange(6).reshape([2, 3]);
function work() {
  const x = nb.zeros(300);
  x.copy().dispose();
}
const t = memory.trace(work);
const { file, line } = t.lines().rows[0].site;
const task = await memory.traceAsync(async () => {
  await null;
  return nb.zeros(2);
});
for (let i = 0; i < 300; i++) nb.zeros(1e6);
let name = "no error";
try {
  a.at(9);
} catch (error) {
  name = error.name;
}
const told = [nb.add(a, 1).sum(), JSON.stringify(String(a.at("0"))), nb.load(nb.save(a)).item(1, 2), t.allocated];
const reclaimed = memory.usage().reserved < 1e9;
console.log(...told, `${file.split("/").pop()}:${line}`, name, reclaimed, task.allocated);
