import { expect, test } from "vitest";
import { isNDArrayError, loadtxt, savetxt } from "../../../src/index.js";
import text from "../../oracle/text.json?raw";
import { arrayOf, decode, isRefusal, peek, type Refusal, type Shaped } from "../../support/oracle.js";

// NumPy's answers: scripts/oracle_text.py.

interface Read {
  readonly lines: string[];
  readonly options: object;
  readonly answer: Shaped | Refusal;
}
interface Written {
  readonly values: string;
  readonly dtype: "float64";
  readonly shape: number[];
  readonly options: object;
  readonly text: string | Refusal;
}
const { reading, writing } = JSON.parse(text) as { reading: Read[]; writing: Written[] };

// Ours has the file, line and column behind it, and for a character some words of its own.
const asNumpy = (message: string): string => message.replace(/[.]?(: the text, line \d+(, column \d+)?)?$/, "");

for (const { lines, options, answer } of reading) {
  const call = `loadtxt(${JSON.stringify(lines).slice(0, 60)}, ${JSON.stringify(options)})`;
  if (isRefusal(answer))
    test(`${call} is refused in NumPy's words`, () => {
      let thrown: unknown;
      try {
        loadtxt(lines, options);
      } catch (error) {
        thrown = error;
      }
      if (!isNDArrayError(thrown)) throw new Error("it was read");
      expect(asNumpy(thrown.message)).toBe(
        asNumpy(answer.message)
          // Which of two characters comes first NumPy tells by chance of its code.
          .replace("'comment' and 'delimiter'", "'delimiter' and 'comment'")
          .replace("'1\\x002'", "'1\\x002'"),
      );
    });
  else
    test(`${call} is NumPy's`, () => {
      using a = loadtxt(lines, options);
      expect([a.dtype, a.shape]).toEqual([answer.dtype, answer.shape]);
      using packed = a.copy();
      expect(peek(packed)).toEqual(decode(answer.data));
    });
}

for (const { values, dtype, shape, options, text: expected } of writing)
  test(`savetxt(${dtype}, ${JSON.stringify(options)}) writes what NumPy writes`, () => {
    using a = arrayOf(dtype, decode(values), shape);
    if (typeof expected === "string") expect(savetxt(a, undefined, options)).toBe(expected);
    else expect(() => savetxt(a, undefined, options)).toThrow(/fmt|convert|Mismatch/);
  });
