import * as np from "nbytes";
import { array, Draw, DTYPES, shapeOf, told } from "./edgeValues.js";
import { numpyJudge } from "./judge.js";
import { type Bytes, joined } from "./zipping.js";

// Bytes of .npy files, as `save` and as NumPy write them, whole and spoiled: both read the same, or both refuse.

const latin1 = (text: string): Bytes => Uint8Array.from(text, (c) => c.charCodeAt(0)) as Bytes;

// Other names of dtypes, most of which NumPy reads; orders of bytes; what is none.
// biome-ignore format: a table
const NAMES = [
  "<f8", ">f8", "=f8", "|f8", "f8", "<i4", ">i4", ">u2", "|b1", "?", "<?", ">c16", "<c8", "<f2", ">f2", "float64", "int", "long",
  "<int32", ">l", "L", "i", "|i1", "|u1", "<i1", "O", "|O", "<U3", "|S4", "<M8[s]", "<m8", "V8", "<f16", "f3", "<f4 ", " <f4", "",
  "<", "x", "i8,i8", "uint8", "bool", "half", "e", "p", "P", "b", "B", "c", "<i16", "<F", ">D", "complex", "double", "single",
];
// biome-ignore format: a table
const SHAPES = [
  "(3,)", "()", "(2, 3)", "(0,)", "(0, 3)", "(3)", "3", "[3]", "(3L,)", "(-1,)", "(3.0,)", "(True,)", "(3,,)", "(1, 2, 3,)", "( 2,3 )",
  "(99999999999,)", "(2**3,)", "('3',)", "(None,)", "(0x3,)", "(0b11,)", "(1_0,)", "(03,)", "(+3,)", "(3,)  ", "((3,),)", "(1e1,)",
];
const ORDERS = ["False", "True", "0", "1", "None", "'C'", "false", "true"];
// biome-ignore format: a table
const HEADERS = [
  (d: string, o: string, s: string) => `{'descr': ${d}, 'fortran_order': ${o}, 'shape': ${s}, }`,
  (d: string, o: string, s: string) => `{'descr': ${d}, 'fortran_order': ${o}, 'shape': ${s}}`,
  (d: string, o: string, s: string) => `{"descr": ${d}, "fortran_order": ${o}, "shape": ${s}}`,
  (d: string, o: string, s: string) => `{'shape': ${s}, 'fortran_order': ${o}, 'descr': ${d}}`,
  (d: string, o: string, s: string) => `{ 'descr' : ${d} ,\n 'fortran_order':${o}, 'shape':${s} }`,
  (d: string, o: string, s: string) => `{'descr': ${d}, 'fortran_order': ${o}, 'shape': ${s}, 'more': 1}`,
  (d: string, o: string) => `{'descr': ${d}, 'fortran_order': ${o}}`,
  (d: string, o: string, s: string) => `('descr', ${d}, ${o}, ${s})`,
  (d: string, o: string, s: string) => `{'descr': ${d}, 'fortran_order': ${o}, 'shape': ${s}} # so`,
  (d: string, o: string, s: string) => `{u'descr': ${d}, b'fortran_order': ${o}, 'shape': ${s}}`,
  (d: string, o: string, s: string) => `{'des' 'cr': ${d}, 'fortran_order': ${o}, 'shape': ${s}}`,
  (d: string, o: string, s: string) => `{'descr': ${d}, 'fortran_order': ${o}, 'shape': ${s}`,
];

function written(d: Draw): Bytes {
  const quoted = d.once(12)
    ? `"${d.of(NAMES)}"`
    : `'${d.once(2) ? d.of(["<f8", ">i4", "|b1", "<c8", ">f2"]) : d.of(NAMES)}'`;
  const text = d.of(d.once(2) ? HEADERS.slice(0, 5) : HEADERS)(
    quoted,
    d.once(4) ? d.of(ORDERS) : d.of(["False", "True"]),
    d.once(2) ? d.of(["(3,)", "(2, 3)", "()", "(0, 3)"]) : d.of(SHAPES),
  );
  const version = d.once(8) ? d.of([0, 4, 255]) : 1 + d.below(3),
    minor = d.once(30) ? 1 : 0;
  const filled = d.once(4) ? text : `${text.padEnd(d.of([64, 118, 117]))}\n`,
    length = filled.length + (d.once(20) ? d.of([-3, 5, 1]) : 0);
  const size = version < 2 ? [length & 255, length >> 8] : [length & 255, (length >> 8) & 255, 0, 0];
  const data = Uint8Array.from(d.many(d.of([24, 48, 96, 8, 0, 23, 200]), () => d.below(256)));
  return joined(latin1("\x93NUMPY"), Uint8Array.from([version, minor, ...size]), latin1(filled), data);
}

function spoiled(d: Draw, bytes: Bytes): Bytes {
  const all = bytes.slice();
  switch (d.below(6)) {
    case 0:
      return all.slice(0, d.below(all.length + 1));
    case 1:
      return joined(all, Uint8Array.from([1, 2, 3]));
    case 2:
      all[d.below(Math.min(all.length, 12)) || 0] = d.below(256);
      return all;
    case 3: {
      const at = 10 + d.below(70);
      if (at < all.length) all[at] = d.of([0x20, 0x27, 0x22, 0x2c, 0x28, 0x29, 0x30, 0x4c, 0x3e, 0x0a, 0x00, 0xe9]);
      return all;
    }
    case 4: {
      const at = 10 + d.below(60);
      return joined(all.subarray(0, at), all.subarray(at + 1 + d.below(3)));
    }
    default:
      return all;
  }
}

/** One file; also as NumPy writes it, in either order of bytes and of axes, for NumPy to make and for us to read. */
export function file(d: Draw): Bytes {
  if (d.once(2)) return d.once(2) ? written(d) : spoiled(d, written(d));
  const a = array(d, d.of(DTYPES), shapeOf(d)),
    bytes = np.save(a);
  return d.once(4) ? bytes : spoiled(d, bytes);
}

interface Found {
  readonly bytes: Bytes;
  readonly result?: unknown;
  readonly error?: string;
  readonly native?: string;
}

/** Whether a header names a key twice: NumPy takes the last. That is refused here, for nobody knows which was meant. */
function isTwice(text: string): boolean {
  return /Header has a key twice/.test(text);
}

/** `count` files from `seed` on. */
export async function run(seed: number, count: number): Promise<{ programs: number; failures: string[] }> {
  const judge = await numpyJudge("fuzz_npy.py"),
    failures: string[] = [],
    waiting: Promise<void>[] = [];
  for (let i = 0; i < count; i++) {
    const d = new Draw((seed * 1_000_003 + i) % 2 ** 31),
      before = np.memory.usage().live;
    const found = np.memory.scope((): Found => {
      const bytes = file(d),
        live = np.memory.usage().live;
      try {
        return { bytes, result: told(np.load(bytes)) };
      } catch (error) {
        const left = np.memory.usage().live !== live;
        if (!np.isNDArrayError(error)) return { bytes, native: String((error as Error).stack) };
        return left ? { bytes, native: `${error}: bytes are left` } : { bytes, error: String(error) };
      }
    });
    const head = JSON.stringify(String.fromCharCode(...found.bytes.subarray(0, 140))),
      said = `seed ${seed}, file ${i} (${found.bytes.length} bytes) ${head}`;
    if (np.memory.usage().live !== before) failures.push(`${said}: bytes are left`);
    if (found.native !== undefined) failures.push(`${said}: ${found.native}`);
    if (found.native !== undefined || judge === null || isTwice(found.error ?? "")) continue;
    const { bytes, ...outcome } = found;
    waiting.push(
      judge({ ...outcome, file: Buffer.from(bytes).toString("base64") }, []).then((difference) => {
        if (difference !== null) failures.push(`${said}: ${difference}`);
      }),
    );
  }
  await Promise.all(waiting);
  return { programs: count, failures };
}
