import { core, started } from "../../core/instance.js";
import { reclaims } from "../../heap/allocate.js";
import { siteText, spent } from "../places/sites.js";

/** What finding lines, finding forgotten arrays and growing has cost since the start; a report tells two apart. */
export interface Spendings {
  /** Milliseconds for finding lines. */
  readonly sites: number;
  /** Searches for forgotten arrays, and their milliseconds. */
  readonly searches: number;
  readonly searchMs: number;
  /** Bytes of linear memory. */
  readonly reserved: number;
}

/** What has been spent up to now; a trace may begin before the core. */
export function spendings(): Spendings {
  return {
    sites: spent(),
    searches: reclaims.count,
    searchMs: reclaims.ms,
    reserved: started ? core.reservedBytes() : 0,
  };
}

/** The line that forgot most, of forgotten bytes by site, since other such sums; empty if no line is known. */
export function mostForgetful(forgotten: ReadonlyMap<number, number>, since?: ReadonlyMap<number, number>): string {
  let most = 0,
    line = 0;
  for (const [site, bytes] of forgotten) {
    const more = bytes - (since?.get(site) ?? 0);
    if (site !== 0 && more > most) [most, line] = [more, site];
  }
  return siteText(line);
}
