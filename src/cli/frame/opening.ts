import { spawn } from "node:child_process";
import type { Io } from "./io.js";

// A page is shown by what the system, or the user by the variable BROWSER, opens pages with.

function opener(path: string, { env }: Io): readonly [command: string, ...args: string[]] {
  if (env.BROWSER !== undefined && env.BROWSER !== "") return [env.BROWSER, path];
  if (process.platform === "darwin") return ["open", path];
  // The first text in quotes is the window's title.
  return process.platform === "win32" ? ["cmd", "/c", "start", '""', path] : ["xdg-open", path];
}

/** Opens a page, and does not wait for it; gives the reason if it cannot. */
export function openPage(path: string, io: Io): Promise<string | null> {
  const [command, ...args] = opener(path, io);
  return new Promise((done) => {
    const child = spawn(command, args, { env: { ...io.env }, stdio: "ignore", detached: true });
    child.on("error", () => done(`there is no ${command} here`));
    child.on("spawn", () => {
      child.unref();
      done(null);
    });
  });
}
