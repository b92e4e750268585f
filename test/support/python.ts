import { spawnSync } from "node:child_process";

/** A Python that has all of these modules: the first in the path, or Debian's; null, and the reason is printed, if none has. */
export function pythonWith(...modules: readonly string[]): string | null {
  for (const python of ["python3", "/usr/bin/python3"])
    if (spawnSync(python, ["-c", `import ${modules.join(", ")}`]).status === 0) return python;
  console.log(`skipped: no python3 here has ${modules.join(" and ")} (Debian: python3-zarr, python3-distributed)`);
  return null;
}
