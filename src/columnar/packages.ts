import { NDArrayError } from "../base/errors.js";

// Packages that a program installs if it wants the formats they read: each is loaded when it is first needed, and is in no
// bundle of who does not call what needs it.

/** A package that is not installed; Python: `ImportError`. */
export class ImportError extends NDArrayError {
  override name = "ImportError";
  constructor(
    message: string,
    /** What to install. */
    readonly packageName: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What `load` imports. Errors: an `ImportError` that says which function needs which package, and how it is installed. */
export async function imported<T>(op: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new ImportError(`${op} needs the package ${name}: npm install ${name}`, name, { cause });
  }
}
