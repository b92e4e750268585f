"""Whether two arrays are the same, for fuzz_judge.py: bit for bit but for NaNs and signs of zero; where an order of adding, or
a library of functions, is free, within its bound."""
import numpy as np

EXACT = set(
    "add subtract negative positive floor ceil trunc rint equal notEqual less lessEqual greater greaterEqual isnan isinf "
    "isfinite signbit bitwiseAnd bitwiseOr bitwiseXor invert leftShift rightShift logicalAnd logicalOr logicalXor logicalNot "
    "gcd lcm maximum minimum fmax fmin conjugate clip copysign nextafter heaviside remainder fmod floorDivide fabs "
    "divmod modf frexp ldexp".split()
)
# Correctly rounded of real numbers; of complex ones products may be fused.
REAL = {"multiply", "divide", "square", "reciprocal", "sqrt", "sign", "evaluate"}


def differs(mine, theirs, step, operands):
    theirs = np.asarray(theirs)
    f, kind = step["f"], step["kind"]
    counts = f in ("argmax", "argmin", "nonzero", "countNonzero", "flatnonzero", "argwhere") or theirs.ndim == 0
    if mine.shape != theirs.shape:
        return f"shape {mine.shape}, NumPy {theirs.shape}"
    if mine.dtype != theirs.dtype and not counts:
        return f"{mine.dtype}, NumPy {theirs.dtype}"
    if theirs.dtype == np.bool_:
        theirs = theirs.view(np.uint8) != 0
        mine = mine.view(np.uint8) != 0 if mine.dtype == np.bool_ else mine != 0
    bad = mine != theirs
    if theirs.dtype.kind in "fc":
        bad &= ~((mine != mine) & (theirs != theirs))
    if not bad.any():
        return None
    if theirs.dtype.kind in "fc":
        if kind == "fold" and "out" not in step:
            bad &= ~summed(mine, theirs, step, operands)
        elif kind in ("ufunc", "lazy") and f not in EXACT and (theirs.dtype.kind == "c" or f not in REAL):
            bad &= ~near(mine, theirs)
        elif f == "round":
            bad &= ~near(mine, theirs)
        if not bad.any():
            return None
    at = tuple(int(i) for i in np.argwhere(bad)[0]) if bad.ndim else ()
    return f"{int(bad.sum())} of {bad.size} elements: at {at} {mine[at]!r}, NumPy {theirs[at]!r}"


def absorb(mine, theirs, step, operands):
    """Takes what a reduction wrote into a view of a buffer, where it is near enough."""
    if theirs.dtype.kind in "fc":
        close = summed(mine, theirs, step, operands)
        theirs[...] = np.where(close, mine, theirs)


# The dtype in which the step under judgement was computed, where it is not that of what it wrote into; and how large its
# operands are, where that bounds the error of a result near 0.
computed, scale = None, 0.0


def same(mine, theirs):
    """Which elements are equal: bools by their truth, NaNs alike."""
    if theirs.dtype == np.bool_:
        return (mine.view(np.uint8) != 0) == (theirs.view(np.uint8) != 0)
    return (mine == theirs) | ((mine != mine) & (theirs != theirs))


def near(mine, theirs):
    """A few units in the last place; of complex numbers in proportion to their size, and infinite ones alike."""
    dtypes = [dtype for dtype in (theirs.dtype, computed) if dtype is not None and dtype.kind in "fc"]
    eps, tiny = (max(float(getattr(np.finfo(dtype), name)) for dtype in dtypes) for name in ("eps", "smallest_subnormal"))
    wide = np.complex128 if theirs.dtype.kind == "c" else np.float64
    a, b = mine.astype(wide), theirs.astype(wide)
    bound = (64 if theirs.dtype.kind == "c" else 8) * eps * np.abs(b) + 8 * tiny + 2 * eps * scale
    close = np.abs(a - b) <= bound
    if theirs.dtype.kind == "c":
        close |= ~np.isfinite(mine) & ~np.isfinite(theirs)
    return close


def summed(mine, theirs, step, operands):
    """How far sums, products, means and variances may lie from each other, whatever the order of adding is."""
    f = step["f"]
    if f not in ("sum", "prod", "mean", "var", "std"):
        return np.zeros(mine.shape, bool)
    (x,), where = operands
    axis, options = step["axis"], step.get("options") or {}
    axis = tuple(axis) if isinstance(axis, list) else axis
    how = {"axis": axis, "keepdims": options.get("keepdims", False), "where": True if where is None else where}
    eps = float(np.finfo(theirs.dtype).eps)
    size = np.abs(x.astype(np.complex128 if x.dtype.kind == "c" else np.float64))
    n = np.sum(np.ones(x.shape), **how)
    if f == "prod":
        finite = np.isfinite(mine) & np.isfinite(theirs)
        close = np.abs(mine - theirs) <= 4 * eps * (n + 4) * np.abs(theirs)
        # Partial products may overflow or vanish in one order and not in another.
        logs = np.abs(np.log2(np.where((size == 0) | ~np.isfinite(size), 1, size)))
        far = np.sum(logs, **how) > np.log2(float(np.finfo(theirs.dtype).max)) / 2
        if theirs.dtype.kind == "c":
            far |= ~np.isfinite(mine) & ~np.isfinite(theirs)
        return (close & finite) | far
    whole = np.sum(size, **how) + abs(options.get("initial", 0))
    squares = np.sum(size * size, **how)
    # Partial sums may overflow in one order and not in another.
    most = float(np.finfo(theirs.dtype).max) / 4
    wild = np.isfinite(whole) & (whole > most)
    if theirs.dtype.kind == "c":
        # NumPy divides by a complex count, which makes NaN of an infinite part.
        wild |= ~np.isfinite(mine) & ~np.isfinite(theirs)
    if f in ("sum", "mean"):
        bound = 4 * eps * (np.sqrt(n) + 4 if theirs.dtype != np.float16 else n + 4) * (whole if f == "sum" else whole / n)
        return (np.abs(mine - theirs) <= bound) | wild
    wide = mine.astype(np.float64), theirs.astype(np.float64)
    mean_square = squares / np.maximum(n - options.get("ddof", 0), 0.5)
    if f == "var":
        close = np.abs(wide[0] - wide[1]) <= 4 * eps * (np.sqrt(n) + 4) * mean_square
    else:
        close = np.abs(wide[0] ** 2 - wide[1] ** 2) <= 8 * eps * (np.sqrt(n) + 4) * mean_square
    return close | (np.isfinite(squares) & (squares > most))
