// Types are checked by tsc: this file is compiled, never run.
import * as np from "../../src/index.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const is = <_ extends true>(): void => {};

const f64 = np.zeros([2]);

// Text and tables: what comes later is a promise, what has names a table.
const textNow = np.loadtxt(["1"], { dtype: "int8" }),
  textLater = np.loadtxt(new Blob(["1"])),
  gaps = np.genfromtxt(["1,"], { delimiter: ",", dtype: "float32" }),
  gapsByName = np.genfromtxt(["a", "1"], { names: true }),
  gapsSeen = np.genfromtxt(["1"], { dtype: null }),
  gapsLater = np.genfromtxt(new Blob(["a\n1"]), { names: ["x"] }),
  columns = np.table({ x: [1, 2], name: ["a", null] }),
  column = columns.at("x"),
  numbers = columns.array("x"),
  codes = np.factorize(["a", null]),
  reader = np.readCsv({ text: "a\n1" }, { dtypes: { a: "category" }, infer: "each" }),
  chunk = reader.next(),
  csvNow = np.toCsv(columns),
  csvLater = np.toCsv(columns, new WritableStream<Uint8Array>()),
  intoLater = np.loadInto(f64, new Blob([]));
is<Equal<typeof textNow, np.NDArray<"int8">>>();
is<Equal<typeof textLater, Promise<np.NDArray<"float64">>>>();
is<Equal<typeof gaps, np.NDArray<"float32">>>();
is<Equal<typeof gapsByName, np.Table>>();
is<Equal<typeof gapsSeen, np.NDArray<np.DType> | np.Table>>();
is<Equal<typeof gapsLater, Promise<np.Table>>>();
is<Equal<typeof columns, np.Table>>();
is<Equal<typeof column, np.Column>>();
is<Equal<typeof numbers, np.NDArray<np.DType>>>();
is<Equal<typeof codes.codes, np.NDArray<np.CodeDType>>>();
is<Equal<typeof chunk, Promise<IteratorResult<np.Table, void>>>>();
is<Equal<typeof csvNow, string>>();
is<Equal<typeof csvLater, Promise<void>>>();
is<Equal<typeof intoLater, Promise<void>>>();
// @ts-expect-error a dtype that there is not
np.readCsv({ text: "" }, { dtypes: { a: "float31" } });
// @ts-expect-error columns are lists, arrays or codes
np.table({ x: new Date() });
