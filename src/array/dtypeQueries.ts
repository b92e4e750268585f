import { atMost } from "../base/arity.js";
import { byCode, type Descr, type DType, descrOf, dtypes, isInteger, limitsOf, promoteAll } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { readElement } from "../core/element.js";
import { codeOfScalar, isComplex, isScalar, type ScalarLike, weakCode } from "../core/scalar.js";
import type { ArrayLike } from "./convert.js";
import type { DTypeLike } from "./limits.js";
import { live, liveAddress, NDArray, refuseStranger } from "./ndarray.js";
import { Temporaries } from "./temporaries.js";

// Questions to dtypes: what comes of several, and of which kind one is.

/** The words `isdtype` knows, as the array API standard has them; each the kinds of dtypes it means. */
const standardKinds = {
  bool: "b",
  "signed integer": "i",
  "unsigned integer": "u",
  integral: "iu",
  "real floating": "f",
  "complex floating": "c",
  numeric: "iufc",
} as const;

/** The words `issubdtype` knows: NumPy's abstract scalar types. */
const abstractKinds = {
  generic: "biufc",
  number: "iufc",
  integer: "iu",
  signedinteger: "i",
  unsignedinteger: "u",
  inexact: "fc",
  floating: "f",
  complexfloating: "c",
} as const;

/** A kind of dtypes, as `isdtype` takes it. */
export type StandardKind = keyof typeof standardKinds;
/** A kind of dtypes, as `issubdtype` takes it. */
export type AbstractKind = keyof typeof abstractKinds;

function descrOfArray(of: DTypeLike): Descr {
  refuseStranger(of);
  return of instanceof NDArray ? of.descr : descrOf(of);
}

/**
 * The dtype of what an operation on all of these gives. Arrays and names of dtypes are promoted to each other; numbers,
 * bigints, booleans and complex numbers are weak beside them, and have their own dtype where nothing else is. NumPy:
 * `result_type`. Errors: `ValueError` for none.
 *
 * @example
 * resultType("int8", "uint8") // int16
 * resultType("float32", 0.5) // float32
 */
export function resultType(...of: readonly (DTypeLike | ScalarLike)[]): DType {
  if (of.length === 0) throw new ValueError("at least one array or dtype is required");
  const strong = of.flatMap((value) => (isScalar(value) ? [] : [descrOfArray(value).code])),
    weak = of.filter(isScalar);
  if (strong.length === 0) return byCode[promoteAll(weak.map(codeOfScalar))].name;
  const code = promoteAll(strong);
  return byCode[promoteAll([code, ...weak.map((value) => weakCode(value, code))])].name;
}

/**
 * The smallest dtype that holds a value: a whole number becomes an integer, another the smallest float whose range has
 * it. A 0-d array counts as its value, and any other array as its dtype. NumPy: `min_scalar_type`.
 *
 * @example
 * minScalarType(255) // uint8
 * minScalarType(-1) // int8
 * minScalarType(1e50) // float64
 */
export function minScalarType(of: NDArray<DType> | ScalarLike): DType {
  atMost(1, arguments.length, "minScalarType(a)");
  if (isScalar(of)) return smallest(of, Number.isInteger(of) && Math.abs(of as number) < 2 ** 64);
  refuseStranger(of);
  if (!(of instanceof NDArray)) throw new DTypeError(`minScalarType() takes an array or a value, not ${shown(of)}`);
  live(of);
  return of.ndim === 0 && of.descr.kind !== "b"
    ? smallest(readElement(of.descr, liveAddress(of)), isInteger(of.descr))
    : of.dtype;
}

// NumPy's bounds: a little within the largest float16 and float32.
const HALF = 65000,
  SINGLE = 3.4e38;
const within = (x: number, bound: number): boolean => x > -bound && x < bound;

function smallest(value: ScalarLike, whole: boolean): DType {
  if (typeof value === "boolean") return "bool";
  if (isComplex(value)) return within(value.re, SINGLE) && within(value.im, SINGLE) ? "complex64" : "complex128";
  if (typeof value === "bigint" || whole) {
    codeOfScalar(BigInt(value as number)); // refuses what no integer holds
    const signed = BigInt(value as number) < 0n;
    const names = Object.values(dtypes).filter(({ kind }) => kind === (signed ? "i" : "u"));
    return names.find(({ name }) => holds(name, BigInt(value as number)))!.name;
  }
  const x = value as number; // what is left
  if (!Number.isFinite(x) || within(x, HALF)) return "float16";
  return within(x, SINGLE) ? "float32" : "float64";
}

function holds(dtype: DType, value: bigint): boolean {
  const [min, max] = limitsOf(dtype);
  return value >= min && value <= max;
}

/**
 * Whether a dtype is of a kind, or of one in a list: the array API standard's words (`"integral"`, `"real floating"`),
 * or dtypes. Errors: `ValueError` for another word.
 *
 * @example
 * isdtype("int16", "integral") // true
 */
export function isdtype(dtype: DType, kind: StandardKind | DType | readonly (StandardKind | DType)[]): boolean {
  atMost(2, arguments.length, "isdtype(dtype, kind)");
  const { name, kind: letter } = descrOf(dtype);
  const words: readonly unknown[] = Array.isArray(kind) ? kind : [kind];
  const found = words.map((word) => {
    if (typeof word !== "string")
      throw new DTypeError(`kind argument must be comprised of dtypes or strings only, but is ${shown(word)}.`);
    if (Object.hasOwn(dtypes, word) && word !== "bool") return word === name;
    if (!Object.hasOwn(standardKinds, word))
      throw new ValueError(`kind argument is a string, but '${word}' is not a known kind name.`);
    return standardKinds[word as StandardKind].includes(letter); // the table has it
  });
  return found.includes(true);
}

/**
 * Whether a dtype is another, or of one of NumPy's abstract kinds (`"integer"`, `"floating"`, `"number"`).
 * Errors: `DTypeError` for a word that is neither.
 *
 * @example
 * issubdtype("float32", "inexact") // true
 */
export function issubdtype(dtype: DTypeLike, of: AbstractKind | DType): boolean {
  atMost(2, arguments.length, "issubdtype(dtype, of)");
  const { name, kind } = descrOfArray(dtype);
  if (typeof of === "string" && Object.hasOwn(abstractKinds, of))
    return abstractKinds[of as AbstractKind].includes(kind); // the table has it
  return descrOf(of as DType).name === name; // refuses what is no dtype
}

/**
 * The float or complex dtype that arrays have in common; integers count as float64. NumPy: `common_type`, which has no
 * complex dtype below complex64 either. Errors: `DTypeError` for bools.
 *
 * @example
 * commonType(array([1, 2], "int8"), array([1.5], "float32")) // float64
 */
export function commonType(...arrays: readonly ArrayLike[]): DType {
  using work = new Temporaries("commonType");
  const codes = arrays.map((value) => {
    const { descr } = work.array(value);
    if (descr.kind === "b") throw new DTypeError("can't get common type for non-numeric array");
    return isInteger(descr) ? dtypes.float64.code : descr.code;
  });
  return byCode[promoteAll([dtypes.float16.code, ...codes])].name;
}
