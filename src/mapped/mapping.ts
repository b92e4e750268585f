import { MAKER } from "../array/ndarray.js";
import type { Descr, DType } from "../base/dtype.js";
import { attempt, globals, say } from "../base/host.js";
import type { Handle, MapMode } from "./handle.js";
import { type Layout, MappedArray, type Mapping } from "./mappedArray.js";
import { Pages } from "./pages.js";

// From an open file to its mapped array; and what becomes of a file that nobody closed.

/** What the collector says of a mapping that nothing reaches any more. */
interface Left {
  readonly name: string;
  readonly pages: Pages;
  readonly writes: boolean;
}

/** Maps an open file, which is closed if that fails. `read` says what its elements are. */
export function mapped<D extends DType>(
  handle: Handle,
  mode: MapMode,
  limit: number,
  read: () => { readonly descr: Descr<D>; readonly layout: Layout },
): MappedArray<D> {
  try {
    const { descr, layout } = read(),
      pages = new Pages(handle, limit, mode === "c"),
      mapping = new Mapped(handle.name, pages, mode);
    forgotten?.register(mapping, { name: handle.name, pages, writes: mode === "r+" || mode === "w+" }, mapping);
    return new MappedArray(mapping, descr, layout, MAKER);
  } catch (error) {
    handle.close();
    throw error;
  }
}

class Mapped implements Mapping {
  #open = true;
  constructor(
    readonly name: string,
    readonly pages: Pages,
    readonly mode: MapMode,
  ) {}

  get open(): boolean {
    return this.#open;
  }

  end(): void {
    this.#open = false;
    forgotten?.unregister(this);
  }
}

let told = false;

// What was written to the file and is still in memory is not lost.
const forgotten: FinalizationRegistry<Left> | undefined = attempt(
  () => new globals.FinalizationRegistry!<Left>(closeForgotten),
);

function closeForgotten({ name, pages, writes }: Left): void {
  attempt(() => {
    if (writes) pages.flush();
  });
  attempt(() => pages.close());
  if (told) return;
  told = true;
  say(
    "warn",
    `the mapped array of ${name} was forgotten, and its file closed only when the collector ran; \`using\` or close() ` +
      "closes files at once (this is said once)",
  );
}
