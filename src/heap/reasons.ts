// The closed lists of what an allocation is told with: why a copy was made, and who freed a buffer.

/** Why a copy was made; the position is the number by which tables name it. Every copy carries exactly one of these. */
export const copyReasons = [
  "requested", // copy(), astype() to the same dtype, array(a)
  "dtype", // astype()
  "advanced-index", // a mask or integer indices
  "strides", // reshape or ravel of an array that is no single run
  "overlap", // the target overlaps what is still to be read
  "contiguous-kernel", // a kernel that needs packed input
  "join", // concatenate, stack, append
  "growth", // a growable array outgrew its capacity
  "host-boundary", // JavaScript values or typed arrays, in or out
] as const;
export type CopyReason = (typeof copyReasons)[number];

/** Who freed a buffer; the position is the number by which tables and disposed arrays name it. */
export const freers = ["dispose", "using", "scope", "operation", "pool", "cache", "resize", "gc"] as const;
export type FreedBy = (typeof freers)[number];
// A record of the places is asked quicker than the list is searched: every array that is disposed asks.
const places = Object.fromEntries(freers.map((by, place) => [by, place])) as Record<FreedBy, number>; // each of the list

// The lists are the types, so that none can lack a name or number two alike; a byte of an event holds a number of each.

/** The number by which tables name a reason: from 1, and 0 for none. */
export function codeOfReason(reason: CopyReason | null): number {
  return reason === null ? 0 : 1 + copyReasons.indexOf(reason);
}

/** The reason that a number names. */
export function reasonOf(code: number): CopyReason | null {
  return code === 0 ? null : copyReasons[code - 1];
}

/** Who freed an array and the number of the line, 0 if unknown, as the negative number that a disposed array keeps. */
export function endOf(by: FreedBy, site: number): number {
  return -(1 + places[by] + freers.length * site);
}

/** What `endOf` put together. */
export function readEnd(end: number): { readonly by: FreedBy; readonly site: number } {
  const code = -end - 1;
  return { by: freers[code % freers.length], site: Math.floor(code / freers.length) };
}

/** Whether something was given up by hand, or given back to its pool: nobody needs it any more. */
export function byHand(by: FreedBy): boolean {
  return by === "dispose" || by === "using" || by === "pool";
}
