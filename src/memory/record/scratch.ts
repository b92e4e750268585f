/** Moments that are kept: so deep may temporaries of falling size be nested in one that is older than all of them. */
const KEPT = 64;

/**
 * The most bytes at once of memory whose spans of time are told only at their ends. What ends now held its bytes at
 * every moment from its start to now; so a moment that comes after another, and is no lower, stays no lower. Only the
 * moments that no later one equals are kept: their heights fall from the oldest to the youngest.
 */
export class Overlap {
  peak = 0;
  readonly #moments: { readonly at: number; bytes: number }[] = [];

  /** Counts bytes that were held from `from` to `now`. */
  add(from: number, now: number, nbytes: number): void {
    const moments = this.#moments;
    let first = moments.length;
    while (first > 0 && moments[first - 1].at >= from) moments[--first].bytes += nbytes;
    const height = first < moments.length ? moments[first].bytes : nbytes;
    this.peak = Math.max(this.peak, height);
    // Those that are now no higher than a later one.
    let above = first;
    while (above > 0 && moments[above - 1].bytes <= height) above--;
    moments.splice(above, first - above);
    moments.push({ at: now, bytes: nbytes });
    if (moments.length > KEPT) moments.shift();
  }
}
