// How figures that were measured at small sizes go on.

/** A figure at a size. */
export interface Point {
  readonly n: number;
  readonly value: number;
}

/** What a figure would be at another size, and whether it lies on a line that so many points lie on that one tests it. */
export interface Told {
  readonly value: number;
  readonly linear: boolean;
}

/**
 * Continues a figure: along the line of the largest sizes, if three of them lie on one; else along a curve of the second
 * or third degree, if one more point than it needs lies on it; else as a power of the size, which is an estimate only.
 */
export function continued(points: readonly Point[], size: number): Told {
  const measured = points.find(({ n }) => n === size);
  if (measured !== undefined) return { value: measured.value, linear: isLine(points) };
  const last = points.slice(-3);
  if (points.length >= 3 && isLine(last) && reaches(points))
    return { value: onLine(last[0], last[2], size), linear: true };
  for (const degree of [2, 3]) {
    const some = points.slice(-degree - 2),
      [test, ...base] = some;
    if (some.length === degree + 2 && Math.abs(through(base, test.n) - test.value) <= 1e-9 * base[degree].value)
      return { value: through(base, size), linear: false };
  }
  return { value: asPower(points[Math.max(0, points.length - 6)], points[points.length - 1], size), linear: false };
}

// Whether all lie on the line of the first and the last, exactly.
function isLine(points: readonly Point[]): boolean {
  const [a] = points,
    b = points[points.length - 1];
  return points.every(({ n, value }) => (value - a.value) * (b.n - a.n) === (b.value - a.value) * (n - a.n));
}

// Where smaller sizes lie elsewhere, the line is to be as long as what is before it.
function reaches(points: readonly Point[]): boolean {
  let first = points.length - 3;
  while (first > 0 && isLine(points.slice(first - 1))) first--;
  return first === 0 || points[points.length - 1].n >= 4 * points[first].n;
}

function onLine(a: Point, b: Point, n: number): number {
  return a.value + ((b.value - a.value) * (n - a.n)) / (b.n - a.n);
}

// The curve of the lowest degree through all points, by Lagrange.
function through(points: readonly Point[], n: number): number {
  let sum = 0;
  for (const { n: at, value } of points) {
    let term = value;
    for (const other of points) if (other.n !== at) term *= (n - other.n) / (at - other.n);
    sum += term;
  }
  return sum;
}

function asPower(a: Point, b: Point, n: number): number {
  if (a.value <= 0 || b.value <= 0 || a.n <= 0) return onLine(a, b, n);
  return b.value * (n / b.n) ** (Math.log(b.value / a.value) / Math.log(b.n / a.n));
}
