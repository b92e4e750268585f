import { type NDArray, setWhereDisposed } from "../../array/ndarray.js";
import { endOf, type FreedBy, readEnd } from "../../heap/reasons.js";
import { siteOfView } from "../../heap/viewing.js";
import { siteText } from "../places/sites.js";

// What a `DisposedError` says of where the array was disposed. The line is known of arrays of 16 MiB and more, and of all
// that were disposed while a trace ran.

const words = {
  dispose: "",
  using: " by `using`, at the end of its block",
  scope: " at the end of memory.scope",
  operation: " inside an operation",
  pool: " by its pool",
  cache: " by its cache",
  resize: " when it was resized",
  gc: " by the garbage collector",
} as const satisfies Record<FreedBy, string>;

// Who disposed an array, and at which site (0 if unknown); null while it lives.
function disposalOf(array: NDArray): { readonly by: FreedBy; readonly site: number } | null {
  if (!array.disposed) return null;
  return readEnd(array.generation < 0 ? array.generation : endOf("dispose", 0));
}

setWhereDisposed((array, view) => {
  const disposal = disposalOf(array),
    site = siteText(disposal?.site ?? 0),
    made = view === undefined ? "" : siteText(siteOfView(view));
  return `${disposal === null ? "" : words[disposal.by]}${site === "" ? "" : `, at ${site}`}${made === "" ? "" : `; the view was made at ${made}`}`;
});
