"""What reductions answer, and how far a sound float sum may be from the exact one."""
import math
from fractions import Fraction

import numpy as np

from oracle_inputs import DTYPES, HAS_LONG, LONG, SHAPES, ask, shaped

FOLDS = "sum prod mean std var min max argmin argmax any all count_nonzero".split()
MISSING = "nansum nanprod nanmin nanmax nanmean nanvar nanstd nanargmin nanargmax".split()


def depth(n):
    """Roundings between an element and a pairwise sum of n (Higham 1993).

    Along a contiguous axis a leaf of 512 runs in four chains of at most 128; along another, blocks of 32 rows are added
    one after the other. Above those halves meet.
    """
    chain = max(32, min(math.ceil(n / 4), 128))
    return min(n, chain) + 4 + max(0, math.ceil(math.log2(max(n, 1) / chain)))


def roundoff(dtype):
    d = np.dtype(dtype)
    return float(np.finfo(d).eps) / 2


def exact(op, lane, ddof, u, u_inside):
    """The exact value of a float reduction, and how far a sound implementation may be from it."""
    q = [Fraction(float(v)) for v in lane]
    n, depth_n = len(q), depth(len(q))
    total, size = sum(q), sum(map(abs, q))
    if op == "prod":
        product = math.prod(q)
        return product, abs(product) * Fraction((n + 1) * u_inside + u)
    if op == "sum":
        return total, size * Fraction(depth_n * u_inside) + abs(total) * Fraction(u)
    mean = total / n
    if op == "mean":
        return mean, size / n * Fraction((depth_n + 1) * u_inside) + abs(mean) * Fraction(u)
    spread = sum((v - mean) ** 2 for v in q) / (n - ddof)
    # A mean that is off by δ adds δ² to each square: its first-order part cancels, since Σ(x − mean) = 0.
    off = (size / n * Fraction((depth_n + 1) * u_inside)) ** 2 * n / (n - ddof)
    error = spread * Fraction((depth_n + 4) * u_inside + u) + off
    if op == "var":
        return spread, error
    # |√(v + e) − √v| is at most √e, and e / √v where that is less.
    root = math.sqrt(spread)
    lifted = math.sqrt(error) if root == 0 else min(math.sqrt(error), float(error) / root)
    return Fraction(root), Fraction(lifted) + Fraction(root) * Fraction(u)


def lanes(a, axis):
    """The elements each result is made of: a 2-D array, one row per result."""
    axes = tuple(range(a.ndim)) if axis is None else tuple(x % a.ndim for x in np.atleast_1d(axis))
    kept = [x for x in range(a.ndim) if x not in axes]
    return a.transpose(kept + list(axes)).reshape(math.prod(a.shape[x] for x in kept), math.prod(a.shape[x] for x in axes))


def judged(op, a, answer, axis, options, where):
    """For sums of floats, the exact values in place of NumPy's, with a bound for each."""
    flat, bounds, ddof = answer.reshape(-1).copy(), [], options.get("ddof", 0)
    start = [options["initial"]] if "initial" in options else []
    rows = lanes(a, axis)
    masks = lanes(np.broadcast_to(where, a.shape), axis) if where is not None else np.ones(rows.shape, bool)
    u = roundoff(answer.dtype)
    u_inside = roundoff("float32") if answer.dtype == np.float16 else u
    for i, (lane, mask) in enumerate(zip(rows, masks)):
        lane = np.append(lane[mask & ~np.isnan(lane)] if op.startswith("nan") else lane[mask], np.array(start, a.dtype))
        # NumPy's var of float16 overflows on the way; ours travels in float32.
        finite = np.isfinite(flat[i]) or (answer.dtype == np.float16 and op in ("var", "std", "nanvar", "nanstd"))
        if len(lane) <= ddof or not np.isfinite(lane).all() or not finite:
            bounds.append(0.0)
        elif lane.dtype.kind == "c":
            bounds.append(complex_bound(op.removeprefix("nan"), lane, flat, i, ddof, u))
        else:
            value, bound = exact(op.removeprefix("nan"), lane, ddof, u, u_inside)
            flat[i] = float(value)
            bounds.append(float(f"{float(bound) * 1.001:.3g}"))
    return flat.reshape(answer.shape), bounds


def complex_bound(op, lane, flat, i, ddof, u):
    """Complex sums part by part; for products and spreads NumPy's value stands, with a bound relative to it."""
    if op in ("sum", "mean"):
        (re, bre), (im, bim) = exact(op, lane.real, 0, u, u), exact(op, lane.imag, 0, u, u)
        flat[i] = complex(float(re), float(im))
        return float(f"{float(max(bre, bim)) * 1.001:.3g}")
    size = float(np.sqrt(np.mean(np.abs(lane.astype(complex)) ** 2))) ** (2 if op == "var" else 1)
    scale = abs(complex(flat[i])) if op == "prod" else size * len(lane) / max(1, len(lane) - ddof)
    return float(f"{2 * (3 * len(lane) if op == 'prod' else depth(len(lane)) + 6) * u * scale:.3g}")


def reduction(p, op, dtype, pool, shape, axis, onto=None, mask=False, options=None):
    """One case: how to build the array, what to ask, what NumPy says."""
    options = options or {}
    a = p[dtype][pool][: math.prod(shape)].reshape(shape)
    if onto is not None:
        a = np.broadcast_to(a, onto)
    where = (np.arange(a.size).reshape(a.shape) % 3 != 1) if mask else None
    case = {"op": op, "dtype": dtype, "pool": pool, "shape": shape, "onto": onto, "axis": axis, "where": mask, "options": options}
    case = {key: value for key, value in case.items() if value not in (None, False, {}) or key == "axis"}
    answer = ask(getattr(np, op), a, axis=axis, **options, **({"where": where} if mask else {}))
    if isinstance(answer, dict):
        return {**case, **answer}
    answer = np.asarray(answer)
    if op in ("argmin", "argmax", "nanargmin", "nanargmax", "count_nonzero"):
        answer = answer.astype(np.int32)
    if op.removeprefix("nan") in ("sum", "prod", "mean", "var", "std") and answer.dtype.kind in "fc":
        inside = a.astype(options.get("dtype", answer.dtype if a.dtype.kind in "biu" else a.dtype))
        answer, case["bound"] = judged(op, inside, answer, axis, options, where)
    return {**case, "result": shaped(answer)}


AXES = {1: [None, 0], 2: [None, 0, 1, -1, (0, 1)], 3: [None, 0, 1, 2, (0, 2), (2, 1), (-1, -3)]}
POOL = {"sum": "t", "mean": "t", "std": "t", "var": "t", "prod": "f"}


def questions(op, dtype):
    """(pool, shape, axis, more) of every case of one op and dtype."""
    one_axis, pool, kind = op in ("argmin", "argmax"), POOL.get(op, "u"), np.dtype(dtype).kind
    for ndim, axes in AXES.items():
        yield from ((pool, SHAPES[ndim], axis, {}) for axis in axes if not (one_axis and isinstance(axis, tuple)))
    for axis in (1, None):
        yield pool, SHAPES[3], axis, {"options": {"keepdims": True}}
    yield pool, (), None, {}
    yield pool, (9,), 0, {"onto": (7, 9)}
    yield pool, (7, 1), 1, {"onto": (7, 9)}
    for shape, axis in (((0,), None), ((0, 3), 0), ((3, 0), 0), ((0, 3), 1)):
        yield pool, shape, axis, {}
    if pool == "u":  # u has NaN in the floats, which hides the rest
        yield "t", SHAPES[2], None, {}
        yield "t", SHAPES[2], 1, {}
    if kind == "f":
        yield "special", (7, 4), 1, {}
        yield "special", (7, 4), 0, {}
    if dtype in HAS_LONG and op != "prod":
        for shape, axis in (((LONG,), None), ((70, 59), 0), ((70, 59), 1)):
            yield "long", shape, axis, {}
    if op in ("sum", "prod", "mean", "std", "var", "any", "all"):
        yield pool, SHAPES[3], (0, 2), {"mask": True}
        yield pool, SHAPES[1], None, {"mask": True}
    if op in ("min", "max"):
        yield "t", SHAPES[3], 1, {"mask": True, "options": {"initial": 1}}
        yield pool, (0, 3), 0, {"options": {"initial": 1}}
        yield pool, SHAPES[2], 0, {"mask": True}
    if op in ("sum", "prod"):
        yield pool, SHAPES[2], 0, {"options": {"initial": 3}}
        for target in ("float64", "int32", "int8", "float32"):
            if np.can_cast(dtype, target, "same_kind"):
                yield pool, SHAPES[2], 1, {"options": {"dtype": target}}
    if op in ("std", "var"):
        yield pool, SHAPES[2], 1, {"options": {"ddof": 1}}
        yield pool, (1,), None, {"options": {"ddof": 1}}


def missing_questions(op, dtype):
    """The same of one form that leaves NaN out."""
    one_axis, kind = "arg" in op, np.dtype(dtype).kind
    if kind not in "fc":
        yield from (("t", SHAPES[2], axis, {}) for axis in (None, 1))
        return
    factor = "factor " if op == "nanprod" else ""
    for pool in (f"{factor}gaps", f"{factor}holes"):
        for ndim, axes in AXES.items():
            yield from ((pool, SHAPES[ndim], axis, {}) for axis in axes if not (one_axis and isinstance(axis, tuple)))
        yield pool, SHAPES[3], 2, {"options": {"keepdims": True}}
        yield pool, (9,), 0, {"onto": (7, 9)}
        yield pool, (), None, {}
        if not one_axis:
            needs = {"initial": 1} if op in ("nanmin", "nanmax") else {}
            yield pool, SHAPES[3], (0, 2), {"mask": True, "options": needs}
            yield pool, SHAPES[2], 1, {"mask": True, "options": needs}
    for shape, axis in (((0,), None), ((0, 3), 0), ((3, 0), 0), ((0, 3), 1)):
        yield "t", shape, axis, {}
    if op in ("nanmin", "nanmax"):
        yield "gaps", SHAPES[2], 0, {"mask": True}
        yield "holes", SHAPES[2], 1, {"options": {"initial": 3}}
    if op in ("nansum", "nanprod"):
        yield f"{factor}holes", SHAPES[2], 1, {"options": {"initial": 3}}
        if kind == "f":
            yield f"{factor}gaps", SHAPES[2], 1, {"options": {"dtype": "float64"}}
    if op in ("nanvar", "nanstd"):
        for ddof in (1, 2, 12):
            yield "holes", SHAPES[2], 1, {"options": {"ddof": ddof}}
        yield "gaps", (2,), None, {"options": {"ddof": 2}}


def bad_axes(op):
    yield from [((3, 4), 2), ((3, 4), -3)]
    if "arg" not in op:  # which take one axis, and see a 0-d array as 1-d
        yield from [((), 1), ((3, 4), (0, 0)), ((3, 4), (0, -2)), ((3, 4), (0, 5))]


def reductions(p):
    return {op: [reduction(p, op, dtype, pool, shape, axis, **more) for dtype in DTYPES for pool, shape, axis, more in questions(op, dtype)]
            + [reduction(p, op, "float64", "t", shape, axis) for shape, axis in bad_axes(op)] for op in FOLDS} | {
        op: [reduction(p, op, dtype, pool, shape, axis, **more) for dtype in DTYPES for pool, shape, axis, more in missing_questions(op, dtype)]
            + [reduction(p, op, "float64", "t", shape, axis) for shape, axis in bad_axes(op)] for op in MISSING}
