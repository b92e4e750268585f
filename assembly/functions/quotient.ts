@inline function re(z: v128): f64 { return f64x2.extract_lane(z, 0); }
@inline function im(z: v128): f64 { return f64x2.extract_lane(z, 1); }

/** x / y, complex: Smith's method (Communications of the ACM 5, 1962), as NumPy divides: the larger part scales the other. */
export function quotient(x: v128, y: v128): v128 {
  const c = re(y), d = im(y);
  if (c == 0 && d == 0) return f64x2.div(x, f64x2(abs(c), abs(d)));
  if (abs(c) < abs(d)) return quotient(f64x2(im(x), -re(x)), f64x2(d, -c));
  const ratio = d / c, scale = 1.0 / (c + d * ratio);
  return f64x2((re(x) + im(x) * ratio) * scale, (im(x) - re(x) * ratio) * scale);
}
