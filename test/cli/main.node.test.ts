import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "../../src/cli/commands.js";
import { nbytes } from "./running.js";

test("nbytes alone lists the commands, and so does --help", async () => {
  const { code, out, err } = await nbytes([]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  for (const { name, says } of commands) expect(out).toMatch(new RegExp(`^  ${name} .*  ${says}$`, "m"));
  for (const argv of [["--help"], ["-h"], ["help"]]) expect((await nbytes(argv)).out).toBe(out);
});

test("nbytes --version is that of package.json", async () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(await nbytes(["--version"])).toEqual({ code: 0, out: `${version}\n`, err: "" });
});

test.each(commands.map((command) => [command.name, command] as const))(
  "nbytes %s --help tells each option and an example, in 80 columns",
  async (name, { options, example }) => {
    const { code, out, err } = await nbytes([name, "--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const option of [...Object.keys(options), "json", "help"]) expect(out).toContain(`--${option}`);
    expect(out).toContain(`example: ${example}\n`);
    expect(example.startsWith(`nbytes ${name}`)).toBe(true);
    expect(out.split("\n").filter((line) => line.length > 80 || line.includes("…"))).toEqual([]);
    expect((await nbytes(["help", name])).out).toBe(out);
  },
);

test("the list fits 80 columns, uncut", async () => {
  const { out } = await nbytes([]);
  expect(out.split("\n").filter((line) => line.length > 80 || line.includes("…"))).toEqual([]);
});

test.each([
  [["hots"], "nbytes: there is no command 'hots'; did you mean host?\n"],
  [["expain"], "nbytes: there is no command 'expain'; did you mean explain?\n"],
  [["qwertyuiop"], "nbytes: there is no command 'qwertyuiop'; nbytes alone lists them\n"],
  [["\x1b[2J"], "nbytes: there is no command '\\x1b[2J'; nbytes alone lists them\n"],
  [["--quiet"], "nbytes: there is no option --quiet; nbytes alone lists the commands\n"],
  [["host", "--sii"], "nbytes host: there is no option --sii; did you mean --si?\n"],
  [["host", "now"], "nbytes host: 'now' is an operand too many: nbytes host \n"],
  [["explain"], "nbytes explain: it needs an operand: nbytes explain EXPRESSION\n"],
  [["explain", "m.T", "--shape"], /^nbytes explain: option '--shape <value>' argument missing\n$/],
  [["explain", "m.T", "--shape", "2,x"], "nbytes explain: --shape takes whole numbers, as 1000,1000, not '2,x'\n"],
  [["host", "--si=3"], /^nbytes host: option '--si' does not take an argument\n$/],
])("nbytes %j is wrong use: one line, and 2", async (argv, line) => {
  const { code, out, err } = await nbytes(argv);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  if (typeof line === "string") expect(err).toBe(line);
  else expect(err).toMatch(line);
});

test("colours are for terminals, and never with NO_COLOR", async () => {
  const red = "\x1b[31mnbytes:\x1b[0m there";
  expect((await nbytes(["x"], { tty: true })).err).toContain(red);
  expect((await nbytes(["x"], { tty: true, env: { NO_COLOR: "1" } })).err).not.toContain("\x1b");
  expect((await nbytes(["x"], { tty: true, env: { TERM: "dumb" } })).err).not.toContain("\x1b");
  expect((await nbytes(["x"])).err).not.toContain("\x1b");
});
