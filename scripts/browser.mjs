import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

// What Chromium needs as root and in containers, and what keeps it off the network.
export const browserFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

const commands = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const applications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * The path of a Chromium to test in: NBYTES_BROWSER, else one on PATH, else an application; undefined if there is none.
 * Without one the tests of the browser are left out, and that is said; where CI or NBYTES_REQUIRE_BROWSER is set it is
 * an error.
 * @returns {string | undefined}
 */
export function findBrowser() {
  const named = process.env.NBYTES_BROWSER;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const places = folders.flatMap((folder) => commands.map((command) => join(folder, command)));
  const found = named || [...places, ...applications].find((path) => existsSync(path));
  if (found === undefined && (process.env.CI || process.env.NBYTES_REQUIRE_BROWSER)) {
    throw new Error("NO BROWSER FOUND, and CI or NBYTES_REQUIRE_BROWSER asks for one. Install Chromium.");
  }
  return found;
}

export const noBrowser = `NO BROWSER FOUND (${commands.join(", ")}, NBYTES_BROWSER): the tests run in Node only.`;
