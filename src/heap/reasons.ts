// The closed lists of what an allocation is told with: why a copy was made, and who freed a buffer.

/** Why a copy was made. Every copy carries exactly one of these. */
export type CopyReason =
  | "requested" // copy(), astype() to the same dtype, array(a)
  | "dtype" // astype()
  | "advanced-index" // a mask or integer indices
  | "strides" // reshape or ravel of an array that is no single run
  | "overlap" // the target overlaps what is still to be read
  | "contiguous-kernel" // a kernel that needs packed input
  | "join" // concatenate, stack, append
  | "growth" // a growable array outgrew its capacity
  | "host-boundary"; // JavaScript values or typed arrays, in or out

/** Who freed a buffer. The order is the code in which a disposed array remembers it. */
export const freers = ["dispose", "using", "scope", "operation", "pool", "cache", "resize", "gc"] as const;
export type FreedBy = (typeof freers)[number];

/** Whether something was given up by hand, or given back to its pool: nobody needs it any more. */
export function byHand(by: FreedBy): boolean {
  return by === "dispose" || by === "using" || by === "pool";
}
