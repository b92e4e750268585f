import { add, memory, zeros } from "nbytes";

interface Unused {
  readonly moves: "the lines of the built file";
}

export function twice(_: Unused | null): void {
  const a = zeros(100);
  a.copy().dispose();
  add(a, 1, { out: a });
}
const rows = memory.trace(() => twice(null)).lines().rows;
try {
  zeros(3).at(9);
} catch (error) {
  const place = ({ file, line }: memory.Site): string => `${file.split("/").pop()}:${line}`;
  for (const { site, source } of rows) console.log(`${place(site)} ${source}`);
  console.log(/app\.ts:\d+/.exec(String((error as Error).stack))?.[0]);
}
