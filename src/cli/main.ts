import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { plain } from "../base/plain.js";
import { nearest } from "../base/shown.js";
import { commands } from "./commands.js";
import { type Command, type Given, parsed } from "./frame/command.js";
import { FINE, type Io, paint, print, wrongUse } from "./frame/io.js";
import { folded, table } from "./frame/table.js";
import { told } from "./frame/told.js";

/** Runs `nbytes` with the arguments that follow its name; gives the exit code. It throws nothing. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const [name] = argv;
  const command = commands.find((one) => one.name === name);
  try {
    if (command !== undefined) return await runCommand(command, argv.slice(1), io);
    return await withoutCommand(argv, io);
  } catch (error) {
    const { message, code } = told(error);
    const head = command === undefined ? "nbytes" : `nbytes ${command.name}`;
    io.stderr.write(`${paint(io.stderr, io.env, "red", `${head}:`)} ${message}\n`);
    return code;
  }
}

async function runCommand(command: Command, argv: readonly string[], io: Io): Promise<number> {
  const given = read(command, argv);
  if (given.values.help === true) {
    print(io, ...help(command));
    return FINE;
  }
  const [least, most] = command.operands,
    { length } = given.operands;
  const usage = `: nbytes ${command.name} ${command.takes}`;
  if (length < least) throw wrongUse(`it needs ${least === 1 ? "an operand" : `${least} operands`}${usage}`);
  if (length > most) throw wrongUse(`'${given.operands[most]}' is an operand too many${usage}`);
  const action = await command.load();
  return action(given, io);
}

function read(command: Command, argv: readonly string[]): Given {
  const end = command.passes === true ? argv.indexOf("--") : -1,
    own = end < 0 ? argv : argv.slice(0, end),
    rest = end < 0 ? [] : argv.slice(end + 1);
  const options = {
    ...parsed(command.options),
    json: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...own], options, allowPositionals: true, strict: true });
    // No option is `multiple`: a value is a text or true.
    return { operands: positionals, values: values as Given["values"], rest };
  } catch (error) {
    throw wrongUse(parseText((error as Error).message, Object.keys(options)));
  }
}

// parseArgs says what it minds, and then how to write it otherwise.
function parseText(message: string, options: readonly string[]): string {
  const [, unknown] = /^Unknown option '(-{1,2}[^']*)'/.exec(message) ?? [];
  if (unknown === undefined) return message.replace(/\n/g, " ").replace(/^Option/, "option");
  const near = nearest(unknown.replace(/^-+/, ""), options);
  return `there is no option ${plain(unknown)}${near === undefined ? "" : `; did you mean --${near}?`}`;
}

async function withoutCommand([first = "--help", second]: readonly string[], io: Io): Promise<number> {
  if (first === "--version" || first === "-v") {
    const { version } = JSON.parse(readFileSync(join(io.dist, "../package.json"), "utf8")) as { version: string };
    print(io, version);
    return FINE;
  }
  if (first === "help" && second !== undefined) return run([second, "--help"], io);
  if (["--help", "-h", "help"].includes(first)) {
    print(io, ...list());
    return FINE;
  }
  if (first.startsWith("-")) throw wrongUse(`there is no option ${plain(first)}; nbytes alone lists the commands`);
  const near = nearestCommand(first);
  throw wrongUse(
    `there is no command '${plain(first)}'${near === undefined ? "; nbytes alone lists them" : `; did you mean ${near}?`}`,
  );
}

// Letters that changed places are the commonest mistake; then what `nearest` finds.
function nearestCommand(given: string): string | undefined {
  const names = commands.map(({ name }) => name),
    letters = (word: string): string => [...word].sort().join("");
  return names.find((name) => letters(name) === letters(given)) ?? nearest(given, names);
}

function list(): string[] {
  return [
    "nbytes: what arrays, files and programs take of memory",
    "",
    ...table(
      commands.map(({ name, takes, says }) => [name, takes, says]),
      "<<<",
    ),
    "",
    "nbytes COMMAND --help tells its options, with an example. All take --json.",
    "It ends with 0 if all is fine, 1 if something was found or failed, 2 if it was",
    "called in a way it does not know.",
  ];
}

function help({ name, takes, says, options, more = [], example, passes }: Command): string[] {
  const rows = Object.entries(options).map(([option, { short, value, says: text }]) => [
    `${short === undefined ? "" : `-${short}, `}--${option}${value === undefined ? "" : ` ${value}`}`,
    text,
  ]);
  return [
    `nbytes ${name} ${takes}${passes === true ? " [-- ARGUMENTS OF THE PROGRAM]" : ""}`,
    ...folded(`  ${says}`, "  "),
    "",
    ...table([...rows, ["--json", "prints JSON"], ["-h, --help", "prints this"]], "<~"),
    ...(more.length === 0 ? [] : ["", ...more.flatMap((line) => folded(line, ""))]),
    "",
    `example: ${example}`,
  ];
}
