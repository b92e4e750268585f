import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import { DTYPES } from "../support/oracle.js";

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

test.each(DTYPES)("load(save(a)) gives %s arrays back, contiguous or not", (dtype) => {
  np.memory.scope(() => {
    const a = np.arange(24).astype(dtype).reshape([2, 3, 4]);
    for (const x of [a, a.at(":, ::-1, ::2"), a.at(0, 0, 0), a.at(":, :0")]) {
      const back = np.load(np.save(x));
      expect([back.dtype, back.shape, back.tolist()]).toEqual([dtype, x.shape, x.tolist()]);
    }
  });
});

test("save(view) goes through a tile of scratch: no array is made", () => {
  using a = np.zeros([4, 4]);
  using v = a.at(":, 1");
  const t = np.memory.trace(() => np.save(v).length);
  expect([t.result, t.retained, t.peak, t.allocs]).toEqual([160, 0, 0, 0]);
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
    np.load(file("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", [0, 0, 0, 0, 0, 0, 0, 0])),
  ).toThrow("cannot reshape array of size 1 into shape (2,)");
});

/** A file of any header and version. */
function npy(header: string, data: readonly number[], version = 1): Uint8Array {
  const n = header.length,
    wide = version > 1;
  const length = wide ? [n & 255, (n >> 8) & 255, n >> 16, 0] : [n & 255, n >> 8];
  return Uint8Array.from(
    [0x93, ...[..."NUMPY"].map((c) => c.charCodeAt(0)), version, 0, ...length].concat(
      [...header].map((c) => c.charCodeAt(0)),
      data,
    ),
  );
}

const KEYS = "'descr':'|u1','fortran_order':False,'shape':(3,)";

describe("issue 7.26: load reads what NumPy 2.4 reads", () => {
  const read: [what: string, header: string][] = [
    ["no blanks", `{${KEYS}}`],
    ["a comma at the end", `{${KEYS},}\n`],
    ["double quotes", `{${KEYS.replaceAll("'", '"')}}`],
    ["quotes in threes", `{${KEYS.replace("'|u1'", "'''|u1'''")}}`],
    ["Python 2's long integers", `{${KEYS.replace("3", "3L")}}`],
    ["hexadecimal", `{${KEYS.replace("3", "0x3")}}`],
    ["a sign", `{${KEYS.replace("3", "+3")}}`],
    ["other blanks, lines and comments", ` \t{ ${KEYS.replaceAll(":", " \n\t: # :\n")}\r\n}\n\n`],
    ["texts side by side, with a prefix", `{${KEYS.replace("'|u1'", "u'|' r'u1'")}}`],
    ["escapes", `{${KEYS.replace("|u1", "\\x7cu1")}}`],
    ["parentheses", `({${KEYS.replace("'|u1'", "('|u1')")}})`],
    ["another order of keys", "{'shape':(3,),'fortran_order':False,'descr':'|u1'}"],
    ["a dtype by its name", `{${KEYS.replace("|u1", "uint8")}}`],
    ["a dtype by its letter", `{${KEYS.replace("|u1", "B")}}`],
  ];
  test.each(read)("load of a header with %s", (_, header) => {
    using a = np.load(npy(header, [1, 2, 3]));
    expect([a.dtype, a.tolist()]).toEqual(["uint8", [1, 2, 3]]);
  });

  test.each([1, 2, 3])("load of version %i, with bytes behind the elements", (version) => {
    using a = np.load(npy(`{${KEYS}}`, [1, 2, 3, 4, 5], version));
    expect(a.tolist()).toEqual([1, 2, 3]);
  });

  test.each(DTYPES)("load of big-endian %s", (dtype) => {
    np.memory.scope(() => {
      const a = np.arange(5000).subtract(9).astype(dtype, { casting: "unsafe" }),
        file = np.save(a),
        start = 128,
        { itemsize } = a,
        width = dtype.startsWith("complex") ? itemsize / 2 : itemsize;
      for (let at = start; at < file.length; at += width) file.subarray(at, at + width).reverse();
      const order = file.indexOf("<".charCodeAt(0));
      if (order > 0 && order < start) file[order] = ">".charCodeAt(0);
      expect(np.load(file).tolist()).toEqual(a.tolist());
    });
  });

  test("load of no axes, and of no elements", () => {
    using one = np.load(npy(`{${KEYS.replace("3,", "")}}`, [7]));
    using none = np.load(npy(`{${KEYS.replace("3,", "0, 4")}}`, []));
    expect([one.tolist(), one.shape, none.shape]).toEqual([7, [], [0, 4]]);
  });
});

describe("issue 7.26: load refuses what NumPy 2.4 refuses", () => {
  const shaped = (shape: string): string => `{${KEYS.replace("(3,)", shape)}}`;
  const typed = (descr: string): string => `{${KEYS.replace("'|u1'", descr)}}`;
  const refused: [what: string, header: string, error: string][] = [
    ["a key that comes twice", `{${KEYS},'shape':(2,)}`, "Header has a key twice"],
    ["a key too many", `{${KEYS},'x':1}`, "Header does not contain the correct keys"],
    ["a key missing", "{'descr':'|u1','shape':(3,)}", "Header does not contain the correct keys"],
    ["no dictionary", "[]", "Header is not a dictionary"],
    ["nothing", "", "Cannot parse header"],
    ["something behind it", `{${KEYS}} x`, "Cannot parse header"],
    ["two commas", `{${KEYS},,}`, "Cannot parse header"],
    ["a text without end", typed("'|u1"), "Cannot parse header"],
    ["a call", typed("dict()"), "Cannot parse header"],
    ["depth without end", "(".repeat(5000), "Cannot parse header"],
    ["an indented second line", `\n {${KEYS}}`, "Cannot parse header"],
    ["a byte of 0", `{${KEYS}}\0`, "Cannot parse header"],
    ["octal of Python 2", shaped("(03,)"), "Cannot parse header"],
    ["20,000 axes", shaped(`(${"1,".repeat(20000)})`), "Header info length"],
    ["65 axes", shaped(`(${"1,".repeat(65)})`), "maximum supported dimension for an ndarray is currently 64"],
    ["a negative length", shaped("(-1,)"), "negative dimensions are not allowed"],
    ["two negative lengths", shaped("(-1,-3)"), "negative dimensions are not allowed"],
    ["a fraction", shaped("(3.0,)"), "shape is not valid"],
    ["a bool as length", shaped("(True,)"), "shape is not valid"],
    ["an integer as shape", shaped("3"), "shape is not valid"],
    ["a list as shape", shaped("[3]"), "shape is not valid"],
    ["a product beyond all memory", shaped("(4294967296,4294967296)"), "Maximum allowed dimension exceeded"],
    ["an empty array too big", shaped("(0,4611686018427387904)"), "Maximum allowed dimension exceeded"],
    ["more than there is", shaped("(4,)"), "cannot reshape array of size 3 into shape (4,)"],
    ["0 as fortran_order", `{${KEYS.replace("False", "0")}}`, "fortran_order is not a valid bool"],
    ["objects", typed("'|O'"), "Object arrays cannot be loaded when allow_pickle=False"],
    ["texts", typed("'<U3'"), "it holds texts"],
    ["fields", typed("[('a','<f8')]"), "a structured dtype"],
    ["dates", typed("'<M8[s]'"), "save dates as integers"],
    ["long doubles", typed("'<f16'"), "long doubles"],
    ["a dtype that is none", typed("'<f3'"), "descr is not a valid dtype descriptor"],
    ["bytes as dtype", typed("b'|u1'"), "descr is not a valid dtype descriptor"],
  ];
  test.each(refused)("load of a header with %s", (_, header, error) => {
    const before = np.memory.usage().live;
    expect(() => np.load(npy(header, [1, 2, 3], header.length > 60000 ? 1 : 2))).toThrow(error);
    expect(np.memory.usage().live).toBe(before);
  });

  test("load of other versions, lengths that lie, and archives", () => {
    const file = npy(`{${KEYS}}`, [1, 2, 3]);
    expect(() => np.load(file.with(6, 4))).toThrow(
      "we only support format version (1,0), (2,0), and (3,0), not (4, 0)",
    );
    expect(() => np.load(file.with(7, 1))).toThrow("not (1, 1)");
    expect(() => np.load(file.with(9, 9))).toThrow("EOF: reading array header");
    expect(() => np.load(file.with(8, 3))).toThrow("Cannot parse header");
    for (let n = 0; n < file.length; n++) expect(() => np.load(file.slice(0, n))).toThrow(np.ValueError);
    expect(() => np.load(Uint8Array.of(0x50, 0x4b, 3, 4))).toThrow("File is not a zip file");
    expect(() => np.load(npy(`{${KEYS.replace("3", "3L")}}`, [1, 2, 3], 3))).toThrow("Cannot parse header");
  });
});

describe("issue 7.14: load takes bytes as they come", () => {
  const file = npy(`{${KEYS}}`, [1, 2, 3]);
  const odd = new Uint8Array(file.length + 9);
  odd.set(file, 3);
  const sources: [string, np.BytesLike][] = [
    ["an ArrayBuffer", file.slice().buffer],
    ["a DataView at an odd place", new DataView(odd.buffer, 3, file.length)],
    ["a Uint8Array at an odd place", odd.subarray(3, 3 + file.length)],
    ["an Int8Array", new Int8Array(file.slice().buffer)],
  ];
  test.each(sources)("load of %s", (_, source) => {
    using a = np.load(source);
    expect(a.tolist()).toEqual([1, 2, 3]);
  });

  test("load of shared memory", () => {
    const { SharedArrayBuffer: Shared } = globalThis as { SharedArrayBuffer?: typeof SharedArrayBuffer };
    const buffer = Shared === undefined ? new ArrayBuffer(file.length) : new Shared(file.length);
    new Uint8Array(buffer).set(file);
    using a = np.load(buffer);
    expect(a.tolist()).toEqual([1, 2, 3]);
  });

  test("load of bytes that lie in engine memory", () => {
    using bytes = np.array([...file], "uint8");
    using a = np.load(bytes.data as Uint8Array);
    expect(a.tolist()).toEqual([1, 2, 3]);
  });

  test.each([[null], [5], [{}], [[0x93]], [{ byteLength: 3, buffer: 1 }]])("load refuses %s", (what) => {
    expect(() => np.load(what as never)).toThrow(np.DTypeError);
  });

  test("load refuses a detached buffer", () => {
    const view = new DataView(file.slice().buffer),
      { buffer } = view;
    structuredClone(buffer, { transfer: [buffer] });
    expect(() => np.load(view)).toThrow("detached");
    expect(() => np.load(buffer)).toThrow(np.ValueError);
  });
});

test("issue 7.26: load of a header with a zero in a comment is refused, as Python refuses such a source", () => {
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), } # so";
  using a = np.load(file(header, new Array(8).fill(0)));
  expect(a.tolist()).toEqual([0]);
  expect(() => np.load(file(`${header}\0`, new Array(8).fill(0)))).toThrow("Cannot parse header");
});

describe("issue 7.26: headers of version 3 are UTF-8", () => {
  const file = (...bytes: number[]): Uint8Array => {
    const text = "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} #";
    const head = [...text].map((c) => c.charCodeAt(0));
    return Uint8Array.from([
      0x93,
      ...[..."NUMPY"].map((c) => c.charCodeAt(0)),
      3,
      0,
      head.length + bytes.length,
      0,
      0,
      0,
      ...head,
      ...bytes,
      7,
    ]);
  };
  test("load reads what is UTF-8, also behind the header's end", () => {
    expect(np.load(file(0xc3, 0xa9)).tolist()).toEqual([7]);
    expect(np.load(file(0xef, 0xbf, 0xbd)).tolist()).toEqual([7]);
  });
  test.each([[[0xa8]], [[0xc3]], [[0xff, 0xfe]], [[0xed, 0xa0, 0x80]]])("load refuses %j, as NumPy does", (bytes) => {
    expect(() => np.load(file(...bytes))).toThrow("Cannot parse header: its bytes are no UTF-8");
  });
});

test("issue 7.26: a header of version 3 that ends with blanks on a line of their own is no literal, as in NumPy", () => {
  const bytes = (version: number, header: string): Uint8Array =>
    Uint8Array.from([
      ...[0x93, ..."NUMPY"].map((x) => (typeof x === "string" ? x.charCodeAt(0) : x)),
      ...[version, 0, header.length, 0, ...(version === 1 ? [] : [0, 0])],
      ...Array.from(header, (letter) => letter.charCodeAt(0)),
      ...new Uint8Array(8),
    ]);
  const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}\n   ";
  expect(() => np.load(bytes(3, header))).toThrow("Cannot parse header");
  expect(np.load(bytes(3, `${header}\n`)).tolist()).toEqual([0]);
  expect(np.load(bytes(1, header)).tolist()).toEqual([0]);
});
