import { expect, test } from "vitest";
import * as np from "../src/index.js";

const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

// The first 128 bytes that NumPy 2.4.6 writes for zeros(5), zeros(()) and zeros((3, 4), "c8").
const heads: [np.DType, number[], string][] = [
  ["float64", [5], "{'descr': '<f8', 'fortran_order': False, 'shape': (5,), }"],
  ["float64", [], "{'descr': '<f8', 'fortran_order': False, 'shape': (), }"],
  ["complex64", [3, 4], "{'descr': '<c8', 'fortran_order': False, 'shape': (3, 4), }"],
];

test.each(heads)("save(zeros of %s, %s) begins as NumPy's file does", (dtype, shape, text) => {
  using a = np.zeros(shape, { dtype });
  expect(latin1(np.save(a).slice(0, 128))).toBe(`\x93NUMPY\x01\x00v\x00${text.padEnd(117)}\n`);
});

const dtypes: np.DType[] = [
  "bool",
  "int8",
  "int16",
  "int32",
  "int64",
  "uint8",
  "uint16",
  "uint32",
  "uint64",
  "float16",
  "float32",
  "float64",
  "complex64",
  "complex128",
];

test.each(dtypes)("load(save(a)) gives %s arrays back, contiguous or not", (dtype) => {
  np.memory.scope(() => {
    const a = np.arange(24).astype(dtype).reshape([2, 3, 4]);
    for (const x of [a, a.at(":, ::-1, ::2"), a.at(0, 0, 0), a.at(":, :0")]) {
      const back = np.load(np.save(x));
      expect([back.dtype, back.shape, back.tolist()]).toEqual([dtype, x.shape, x.tolist()]);
    }
  });
});

test("save(view) takes a temporary and gives it back", () => {
  using a = np.zeros([4, 4]);
  using v = a.at(":, 1");
  const t = np.memory.trace(() => np.save(v).length);
  expect([t.result, t.retained, t.peak]).toEqual([160, 0, 32]);
});

/** A file as NumPy writes it, around the given header and bytes. */
function file(header: string, data: readonly number[]): Uint8Array {
  const text = `${header.padEnd(117)}\n`;
  return Uint8Array.from(
    [0x93, ..."NUMPY\x01\x00v\x00", ...text].map((c) => (typeof c === "string" ? c.charCodeAt(0) : c)).concat(data),
  );
}

test("load keeps Fortran order: the first axis varies fastest", () => {
  using a = np.load(file("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }", [1, 4, 2, 5, 3, 6]));
  expect(a.tolist()).toEqual([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  expect([a.flags.fContiguous, a.flags.cContiguous]).toEqual([true, false]);
});

test("load refuses other bytes, other dtypes and short files", () => {
  expect(() => np.load(new Uint8Array(20))).toThrow(np.ValueError);
  expect(() =>
    np.load(file("{'descr': '>f8', 'fortran_order': False, 'shape': (1,), }", [0, 0, 0, 0, 0, 0, 0, 0])),
  ).toThrow("'>f8'");
  expect(() =>
    np.load(file("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", [0, 0, 0, 0, 0, 0, 0, 0])),
  ).toThrow("cannot reshape array of size 1 into shape (2,)");
});
