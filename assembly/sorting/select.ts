import { insertionSort } from "./merge";

// Introselect: quickselect, and the median of medians where its pivots are bad (Musser, Introspective sorting and
// selection algorithms, 1997; Blum et al., Time bounds for selection, 1973).

/** At most so many keys are sorted instead. */
const FEW: usize = 24;

/**
 * Puts the key of rank `kth` among n packed keys in its place: none before it is larger, none after it is smaller.
 */
export function selectKey<K>(at: usize, n: usize, kth: usize): void {
  const target = at + kth * sizeof<K>();
  let low = at, high = at + n * sizeof<K>(), bad = 2 * (64 - <i32>clz<u64>(n));
  for (;;) {
    const count = (high - low) / sizeof<K>();
    if (count <= FEW) return insertionSort<K>(low, high);
    if (--bad < 0) medianOfMedians<K>(low, count);
    else ninther<K>(low, count);
    // The pivot stands first.
    const pivot = load<K>(low);
    let middle = partition<K, Less>(low + sizeof<K>(), high, pivot);
    if (target >= middle) {
      // Of many equal keys none is less than the pivot: then those that are no more go to the front.
      if (middle == low + sizeof<K>()) {
        middle = partition<K, NotMore>(middle, high, pivot);
        if (target < middle) return;
      }
      low = middle;
      continue;
    }
    middle -= sizeof<K>();
    swap<K>(low, middle);
    if (target == middle) return;
    high = middle;
  }
}

@unmanaged class Less { @inline of<K>(x: K, y: K): bool { return x < y; } }
@unmanaged class NotMore { @inline of<K>(x: K, y: K): bool { return x <= y; } }

// Moves keys that the test lets pass to the front; returns the end of these. No branch waits for a comparison (Lomuto).
function partition<K, Test>(p: usize, end: usize, pivot: K): usize {
  let to = p;
  for (; p < end; p += sizeof<K>()) {
    const key = load<K>(p);
    store<K>(p, load<K>(to));
    store<K>(to, key);
    to += <usize>changetype<Test>(0).of<K>(key, pivot) * sizeof<K>();
  }
  return to;
}

@inline function swap<K>(p: usize, q: usize): void {
  const key = load<K>(p);
  store<K>(p, load<K>(q));
  store<K>(q, key);
}

// The middle one of three, by its address.
@inline function middleOf<K>(p: usize, q: usize, r: usize): usize {
  const x = load<K>(p), y = load<K>(q), z = load<K>(r);
  return (x < y) == (y < z) ? q : (x < y) == (z < x) ? p : r;
}

// Puts the median of three medians of three first.
function ninther<K>(at: usize, n: usize): void {
  const step = (n / 9) * sizeof<K>(), p = at + (step >> 1) / sizeof<K>() * sizeof<K>();
  const a = middleOf<K>(p, p + step, p + 2 * step), b = middleOf<K>(p + 3 * step, p + 4 * step, p + 5 * step),
    c = middleOf<K>(p + 6 * step, p + 7 * step, p + 8 * step);
  swap<K>(at, middleOf<K>(a, b, c));
}

// Puts the median of the medians of five first: at least three tenths are on either side of it.
function medianOfMedians<K>(at: usize, n: usize): void {
  const groups = n / 5;
  for (let i: usize = 0; i < groups; i++) {
    const group = at + 5 * i * sizeof<K>();
    insertionSort<K>(group, group + 5 * sizeof<K>());
    swap<K>(at + i * sizeof<K>(), group + 2 * sizeof<K>());
  }
  selectKey<K>(at, groups, groups >> 1);
  swap<K>(at, at + (groups >> 1) * sizeof<K>());
}
