import type { NDArray } from "../array/ndarray.js";
import type { DType } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { pullNpy } from "./npyData.js";
import type { Source } from "./source.js";
import { type Member, membersOf, openMember } from "./zip.js";

// The arrays of .npz archives, which are zip archives of .npy files.

/** The arrays of an archive by name. Each is read when it is first asked for, and is the same from then on. */
export type Arrays = { readonly [name: string]: NDArray<DType> };

/** The arrays of an archive, which `again` opens anew for each that is read. */
export function openArrays(source: Source, again: () => Source): Arrays {
  const arrays: Arrays = Object.create(null);
  const { size } = source;
  for (const member of membersOf(source)) {
    if (member.name.endsWith("/")) continue;
    const name = member.name.replace(/\.npy$/, "");
    if (name in arrays) throw new ValueError(`the archive has two arrays of the name ${shown(name)}`);
    let read: NDArray<DType> | undefined;
    Object.defineProperty(arrays, name, {
      enumerable: true,
      get() {
        // An array that was disposed is read anew.
        if (read === undefined || read.disposed) read = readMember(member, again, size);
        return read;
      },
    });
  }
  return arrays;
}

function readMember(member: Member, again: () => Source, size: number): NDArray<DType> {
  using source = again();
  if (source.size !== size) throw new ValueError(`${source.name} has changed since it was opened`);
  try {
    const { pull, finish } = openMember(source, member);
    return pullNpy(pull, member.size, "load", finish);
  } catch (error) {
    const told = `member ${shown(member.name)}: ${String((error as Error | null)?.message)}`;
    if (error instanceof ValueError) throw new ValueError(told, { cause: error });
    if (error instanceof DTypeError) throw new DTypeError(told, { cause: error });
    throw error;
  }
}
