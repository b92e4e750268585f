// Merge sort of packed unsigned integers, for dozens of them and for hundreds that crowd: no branch waits for a
// comparison.

/** At most so many elements are sorted by insertion alone. */
const FEW: usize = 20;

/** Sorts a run in place. */
export function insertionSort<K>(at: usize, end: usize): void {
  for (let p = at + sizeof<K>(); p < end; p += sizeof<K>()) {
    const key = load<K>(p);
    let q = p;
    for (; q > at; q -= sizeof<K>()) {
      const before = load<K>(q - sizeof<K>());
      if (before <= key) break;
      store<K>(q, before);
    }
    store<K>(q, key);
  }
}

/** Sorts n keys; `spare` has room for as many. */
export function mergeSort<K>(at: usize, n: usize, spare: usize): void {
  const end = at + n * sizeof<K>();
  if (n <= FEW) return insertionSort<K>(at, end);
  // An even number of rounds to and fro ends where it began.
  let length: usize = 16, rounds = 0;
  while (length << rounds < n) rounds++;
  if (rounds & 1) { length = 8; rounds++; }
  let run = length * sizeof<K>();
  for (let p = at; p < end; p += run) insertionSort<K>(p, min<usize>(p + run, end));
  for (let from = at, to = spare; rounds; rounds--, run <<= 1) {
    mergeRuns<K>(from, n * sizeof<K>(), run, to);
    const other = from;
    from = to;
    to = other;
  }
}

/** Merges runs of `run` bytes two by two; the last may be shorter. */
function mergeRuns<K>(from: usize, bytes: usize, run: usize, to: usize): void {
  for (let done: usize = 0; done < bytes; done += run << 1) {
    const a = from + done, o = to + done, left = min<usize>(run, bytes - done),
      right = min<usize>(run, bytes - done - left), b = a + left;
    if (right == 0 || load<K>(b - sizeof<K>()) <= load<K>(b)) memory.copy(o, a, left + right);
    else if (right == run) mergeHalves<K>(a, run, o);
    else mergeTwo<K>(a, b, b + right, o);
  }
}

// Two runs of one length: half of the result from the front and half from the back, so that neither can run out.
function mergeHalves<K>(a: usize, run: usize, out: usize): void {
  let b = a + run, c = b - sizeof<K>(), d = c + run, back = out + (run << 1) - sizeof<K>();
  for (const end = out + run; out < end; out += sizeof<K>(), back -= sizeof<K>()) {
    const x = load<K>(a), y = load<K>(b), right = y < x;
    store<K>(out, select<K>(y, x, right));
    a += <usize>!right * sizeof<K>();
    b += <usize>right * sizeof<K>();
    const u = load<K>(c), v = load<K>(d), left = v < u;
    store<K>(back, select<K>(u, v, left));
    c -= <usize>left * sizeof<K>();
    d -= <usize>!left * sizeof<K>();
  }
}

function mergeTwo<K>(a: usize, b: usize, end: usize, out: usize): void {
  const middle = b;
  while (a < middle && b < end) {
    const x = load<K>(a), y = load<K>(b), right = y < x;
    store<K>(out, select<K>(y, x, right));
    a += <usize>!right * sizeof<K>();
    b += <usize>right * sizeof<K>();
    out += sizeof<K>();
  }
  memory.copy(out, a, middle - a);
  memory.copy(out + (middle - a), b, end - b);
}
