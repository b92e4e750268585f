// nbytes/functions: the public names for programs that count their bytes. Arrays have no methods here but `dispose`: `sum(a)`
// for `a.sum()`, `at(a, "1:")` for `a.at("1:")`, `arrayStr(a)` for `String(a)`. A bundle holds what is imported, and no more.
import "./base/newStack.js";
import "./core/inlined.js";

export * from "./api.js";
