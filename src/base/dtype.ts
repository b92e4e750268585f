import { atMost } from "./arity.js";
import { DTypeError } from "./errors.js";
import { shown } from "./shown.js";

/** A complex number: its real and its imaginary part. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/**
 * Every array has its dtype's as a property of its own: of private fields alone `postMessage` and `structuredClone` would
 * make an empty object, and say nothing. A function they refuse, and V8 shows its text. That each dtype has another lets
 * Jest see the dtype, where it compares arrays by their elements.
 */
function stays(): () => string {
  return () => "an array stays in its engine: post a.toTypedArray() or the bytes of save(a), not the array";
}

/**
 * The fourteen dtypes. `code` is the number the core knows the dtype by; `kind` is NumPy's letter:
 * b bool, i signed and u unsigned integer, f float, c complex. `computed` is the dtype that kernels compute in, and `part`
 * the real dtype of a complex number's two parts; where there is nothing to say, both are the dtype itself.
 */
// biome-ignore format: a row a line is easier to read.
export const dtypes = {
  bool: { name: "bool", code: 0, itemsize: 1, kind: "b", array: Uint8Array, computed: "bool", part: "bool", uncloneable: stays() },
  int8: { name: "int8", code: 1, itemsize: 1, kind: "i", array: Int8Array, computed: "int8", part: "int8", uncloneable: stays() },
  int16: { name: "int16", code: 2, itemsize: 2, kind: "i", array: Int16Array, computed: "int16", part: "int16", uncloneable: stays() },
  int32: { name: "int32", code: 3, itemsize: 4, kind: "i", array: Int32Array, computed: "int32", part: "int32", uncloneable: stays() },
  int64: { name: "int64", code: 4, itemsize: 8, kind: "i", array: BigInt64Array, computed: "int64", part: "int64", uncloneable: stays() },
  uint8: { name: "uint8", code: 5, itemsize: 1, kind: "u", array: Uint8Array, computed: "uint8", part: "uint8", uncloneable: stays() },
  uint16: { name: "uint16", code: 6, itemsize: 2, kind: "u", array: Uint16Array, computed: "uint16", part: "uint16", uncloneable: stays() },
  uint32: { name: "uint32", code: 7, itemsize: 4, kind: "u", array: Uint32Array, computed: "uint32", part: "uint32", uncloneable: stays() },
  uint64: { name: "uint64", code: 8, itemsize: 8, kind: "u", array: BigUint64Array, computed: "uint64", part: "uint64", uncloneable: stays() },
  float16: { name: "float16", code: 9, itemsize: 2, kind: "f", array: Uint16Array, computed: "float32", part: "float16", uncloneable: stays() },
  float32: { name: "float32", code: 10, itemsize: 4, kind: "f", array: Float32Array, computed: "float32", part: "float32", uncloneable: stays() },
  float64: { name: "float64", code: 11, itemsize: 8, kind: "f", array: Float64Array, computed: "float64", part: "float64", uncloneable: stays() },
  complex64: { name: "complex64", code: 12, itemsize: 8, kind: "c", array: Float32Array, computed: "complex64", part: "float32", uncloneable: stays() },
  complex128: { name: "complex128", code: 13, itemsize: 16, kind: "c", array: Float64Array, computed: "complex128", part: "float64", uncloneable: stays() },
} as const;

/** The name of a dtype: what `a.dtype` gives and every `dtype` option takes. */
export type DType = keyof typeof dtypes;

/** A row of the dtype table. */
export interface Descr<D extends DType = DType> {
  readonly name: D;
  readonly code: number;
  readonly itemsize: number;
  readonly kind: "b" | "i" | "u" | "f" | "c";
  /** The typed array that views the raw elements: bits for float16, pairs for complex. */
  readonly array: (typeof dtypes)[D]["array"];
  /** The dtype that kernels compute in: float32 for float16, else the dtype itself. */
  readonly computed: Computed<D>;
  /** The real dtype of a complex number's two parts; for real dtypes the dtype itself. */
  readonly part: (typeof dtypes)[D]["part"];
  /** What keeps arrays from being posted and cloned. @internal */
  readonly uncloneable: () => string;
}

// Every array hands its row out: a row that can be written is a way past the heap's edge.
for (const row of Object.values(dtypes)) Object.freeze(row);
Object.freeze(dtypes);

/** The dtypes by their code. */
export const byCode: readonly Descr[] = Object.freeze(Object.values(dtypes));

/** The dtype that kernels compute a dtype in. */
export type Computed<D extends DType> = (typeof dtypes)[D]["computed"];

// By code: a row found by a name that varies costs 50 ns.
const computedRows: readonly Descr[] = byCode.map(({ computed }) => dtypes[computed]),
  partRows: readonly Descr[] = byCode.map(({ part }) => dtypes[part]);

/** The row of the dtype that kernels compute in. */
export function computedDescr({ code }: Descr): Descr {
  return computedRows[code];
}

/** Whether a dtype is only stored, and computed in a wider one, as float16 is in float32. */
export function isStorageOnly({ name, computed }: Descr): boolean {
  return computed !== name;
}

/** The row of the parts of complex numbers; real dtypes are their own. */
export function partDescr<D extends DType>({ code }: Descr<D>): Descr<Part<D>> {
  return partRows[code] as unknown as Descr<Part<D>>; // the type is the column, also for dtypes that are still parameters
}

/** Whether a dtype is a signed or an unsigned integer; NumPy's `integer`. */
export function isInteger({ kind }: Descr): boolean {
  return kind === "i" || kind === "u";
}

/** Whether a dtype is a float or complex; NumPy's `inexact`. */
export function isInexact({ kind }: Descr): boolean {
  return kind === "f" || kind === "c";
}

/** The dtype whose items are told by this type of JavaScript value. */
export type Scalar<D extends DType> = D extends "bool"
  ? boolean
  : D extends "int64" | "uint64"
    ? bigint
    : D extends "complex64" | "complex128"
      ? Complex
      : number;

/** The typed array that holds elements of a dtype: bits for float16, interleaved pairs for complex. */
export type TypedArrayOf<D extends DType> = InstanceType<(typeof dtypes)[D]["array"]>;

/** Any typed array the engine reads or gives. */
export type TypedArray = TypedArrayOf<DType> | Uint8ClampedArray;

/** Any typed array that is read: over whatever buffer, which TypeScript tells apart from 5.7 on. */
export type TypedArrayLike =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** What NumPy 2 promotes two dtypes to (`numpy.promote_types`); the types read the same table. */
// biome-ignore format: a row a line is easier to read.
export const promotion = {
  bool: { bool: "bool", int8: "int8", int16: "int16", int32: "int32", int64: "int64", uint8: "uint8", uint16: "uint16", uint32: "uint32", uint64: "uint64", float16: "float16", float32: "float32", float64: "float64", complex64: "complex64", complex128: "complex128" },
  int8: { bool: "int8", int8: "int8", int16: "int16", int32: "int32", int64: "int64", uint8: "int16", uint16: "int32", uint32: "int64", uint64: "float64", float16: "float16", float32: "float32", float64: "float64", complex64: "complex64", complex128: "complex128" },
  int16: { bool: "int16", int8: "int16", int16: "int16", int32: "int32", int64: "int64", uint8: "int16", uint16: "int32", uint32: "int64", uint64: "float64", float16: "float32", float32: "float32", float64: "float64", complex64: "complex64", complex128: "complex128" },
  int32: { bool: "int32", int8: "int32", int16: "int32", int32: "int32", int64: "int64", uint8: "int32", uint16: "int32", uint32: "int64", uint64: "float64", float16: "float64", float32: "float64", float64: "float64", complex64: "complex128", complex128: "complex128" },
  int64: { bool: "int64", int8: "int64", int16: "int64", int32: "int64", int64: "int64", uint8: "int64", uint16: "int64", uint32: "int64", uint64: "float64", float16: "float64", float32: "float64", float64: "float64", complex64: "complex128", complex128: "complex128" },
  uint8: { bool: "uint8", int8: "int16", int16: "int16", int32: "int32", int64: "int64", uint8: "uint8", uint16: "uint16", uint32: "uint32", uint64: "uint64", float16: "float16", float32: "float32", float64: "float64", complex64: "complex64", complex128: "complex128" },
  uint16: { bool: "uint16", int8: "int32", int16: "int32", int32: "int32", int64: "int64", uint8: "uint16", uint16: "uint16", uint32: "uint32", uint64: "uint64", float16: "float32", float32: "float32", float64: "float64", complex64: "complex64", complex128: "complex128" },
  uint32: { bool: "uint32", int8: "int64", int16: "int64", int32: "int64", int64: "int64", uint8: "uint32", uint16: "uint32", uint32: "uint32", uint64: "uint64", float16: "float64", float32: "float64", float64: "float64", complex64: "complex128", complex128: "complex128" },
  uint64: { bool: "uint64", int8: "float64", int16: "float64", int32: "float64", int64: "float64", uint8: "uint64", uint16: "uint64", uint32: "uint64", uint64: "uint64", float16: "float64", float32: "float64", float64: "float64", complex64: "complex128", complex128: "complex128" },
  float16: { bool: "float16", int8: "float16", int16: "float32", int32: "float64", int64: "float64", uint8: "float16", uint16: "float32", uint32: "float64", uint64: "float64", float16: "float16", float32: "float32", float64: "float64", complex64: "complex64", complex128: "complex128" },
  float32: { bool: "float32", int8: "float32", int16: "float32", int32: "float64", int64: "float64", uint8: "float32", uint16: "float32", uint32: "float64", uint64: "float64", float16: "float32", float32: "float32", float64: "float64", complex64: "complex64", complex128: "complex128" },
  float64: { bool: "float64", int8: "float64", int16: "float64", int32: "float64", int64: "float64", uint8: "float64", uint16: "float64", uint32: "float64", uint64: "float64", float16: "float64", float32: "float64", float64: "float64", complex64: "complex128", complex128: "complex128" },
  complex64: { bool: "complex64", int8: "complex64", int16: "complex64", int32: "complex128", int64: "complex128", uint8: "complex64", uint16: "complex64", uint32: "complex128", uint64: "complex128", float16: "complex64", float32: "complex64", float64: "complex128", complex64: "complex64", complex128: "complex128" },
  complex128: { bool: "complex128", int8: "complex128", int16: "complex128", int32: "complex128", int64: "complex128", uint8: "complex128", uint16: "complex128", uint32: "complex128", uint64: "complex128", float16: "complex128", float32: "complex128", float64: "complex128", complex64: "complex128", complex128: "complex128" },
} as const satisfies Record<DType, Record<DType, DType>>;

// Types of dtypes that are still parameters. TypeScript does not look into `D extends E` while D is one, but it does
// compare objects that hold D: so the sum of two `NDArray<D>` is an `NDArray<D>` inside a generic function too.

/** Holds a dtype: a `Held<D>` is a `Held<E>` if D is an E. */
export interface Held<out D> {
  readonly dtype: D;
}
/** Holds a dtype: an `Exactly<D>` is an `Exactly<E>` only if D is E. */
export interface Exactly<in out D> {
  dtype: (of: D) => D;
}

/** The dtypes of some kinds. */
export type DTypeWithin<K extends Descr["kind"]> = {
  [D in DType]: (typeof dtypes)[D]["kind"] extends K ? D : never;
}[DType];

/** The dtype of the parts of complex numbers; real dtypes are their own. So it is of their absolute values. */
export type Part<D extends DType> =
  Held<D> extends Held<infer E extends DTypeWithin<"b" | "i" | "u" | "f">> ? E : (typeof dtypes)[D]["part"];

// Never for a union whose members promote to what is not in it, as int8 and uint8 do, else 1.
type Closed<D extends DType> = 0 extends 1 & D ? 1 : [Exclude<(typeof promotion)[D][D], D>] extends [never] ? 1 : never;
type IfClosed<D extends DType> = Closed<D> extends never ? never : D;

/** The dtype that two dtypes promote to. */
export type Promote<A extends DType, B extends DType> =
  Exactly<A> extends Exactly<IfClosed<B>> ? A : (typeof promotion)[A][B];

const promotionCodes = Uint8Array.from(
  byCode.flatMap((a) => byCode.map((b) => dtypes[promotion[a.name][b.name]].code)),
);

/** The code that two codes promote to. */
export function promoteCodes(a: number, b: number): number {
  return promotionCodes[a * byCode.length + b]!;
}

/**
 * The code that several codes promote to, as `numpy.result_type` has it: from the last kind to the first, so that int16 and
 * uint16 beside float32 are float32, though the two alone are int32.
 */
export function promoteAll(codes: readonly number[]): number {
  if (codes.length === 1) return codes[0];
  if (codes.length === 2) return promoteCodes(codes[0], codes[1]);
  return [...codes].sort((a, b) => b - a).reduce(promoteCodes);
}

/** The dtype that all given dtypes promote to. NumPy: `result_type`, `promote_types`. */
export function promoteTypes<A extends DType, B extends DType>(a: A, b: B): Promote<A, B> {
  atMost(2, arguments.length, "promoteTypes(a, b)");
  // The table is what the type reads.
  return promotion[descrOf(a).name][descrOf(b).name] as Promote<A, B>;
}

/** The row of a dtype; a name that is none is a `DTypeError` in NumPy's words. */
export function descrOf<D extends DType>(dtype: D): Descr<D> {
  const row = typeof dtype === "string" && Object.hasOwn(dtypes, dtype) ? dtypes[dtype] : undefined;
  if (row === undefined) throw new DTypeError(`data type ${shown(dtype)} not understood`);
  return row as Descr<D>; // the row of that name
}

/** How freely a cast may change values; NumPy's words. */
export type Casting = "no" | "equiv" | "safe" | "same_kind" | "unsafe" | "same_value";

const kindOrder = { b: 0, u: 1, i: 2, f: 3, c: 4 } as const;

/** Says whether a cast from one dtype to another keeps to `casting`. @internal */
export function canCast(from: DType, to: DType, casting: Casting = "safe"): boolean {
  const a = descrOf(from),
    b = descrOf(to);
  switch (casting) {
    case "no":
    case "equiv":
      return a === b;
    case "safe":
      return promotion[a.name][b.name] === b.name;
    case "same_kind":
      return kindOrder[a.kind] <= kindOrder[b.kind] || promotion[a.name][b.name] === b.name;
    case "unsafe":
    case "same_value":
      return true;
    default:
      throw new DTypeError(
        `casting must be one of 'no', 'equiv', 'safe', 'same_kind', 'unsafe' or 'same_value' (got ${shown(casting)})`,
      );
  }
}

/** A cast that a rule forbids, in NumPy's sentence. */
export function cannotCast(from: DType, to: DType, rule: Casting, what = "array data"): DTypeError {
  return new DTypeError(`Cannot cast ${what} from dtype('${from}') to dtype('${to}') according to the rule '${rule}'`);
}

/** Lowest and highest value of an integer dtype, exact. @internal */
export function limitsOf(dtype: DType): readonly [min: bigint, max: bigint] {
  const { kind, itemsize } = descrOf(dtype),
    bits = BigInt(itemsize * 8);
  return kind === "u" ? [0n, (1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n];
}

/** A float dtype's decimal digits that are kept, and the bits of its exponent and its mantissa. @internal */
export const floatFormats = {
  float16: { precision: 3, nexp: 5, nmant: 10 },
  float32: { precision: 6, nexp: 8, nmant: 23 },
  float64: { precision: 15, nexp: 11, nmant: 52 },
} as const satisfies Record<DTypeWithin<"f">, object>;

/** The largest finite number of a float dtype, and the distance from 1 to the next. @internal */
export function floatLimitsOf(dtype: keyof typeof floatFormats): { readonly max: number; readonly eps: number } {
  const { nexp, nmant } = floatFormats[dtype],
    eps = 2 ** -nmant;
  return { max: (2 - eps) * 2 ** (2 ** (nexp - 1) - 1), eps };
}
