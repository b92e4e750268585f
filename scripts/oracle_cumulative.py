"""Running sums and products: what NumPy answers."""
import math

import numpy as np

from oracle_inputs import DTYPES, ask, shaped

RUNNING = "cumsum cumprod nancumsum nancumprod".split()
ARRAY_API = "cumulative_sum cumulative_prod".split()


def case(p, op, dtype, pool, shape, axis, options=None, out=None):
    """One question: the array is the first elements of a pool; `out` is the dtype of what it is written into."""
    a = p[dtype][pool][: math.prod(shape)].reshape(shape)
    options = options or {}
    row = {"op": op, "dtype": dtype, "pool": pool, "shape": shape, "axis": axis, "options": options, "out": out}
    row = {key: value for key, value in row.items() if value not in (None, {}) or key == "axis"}
    given = {**options, **({"out": np.zeros(a.size if axis is None else shape, out)} if out else {})}
    answer = ask(getattr(np, op), a, axis=axis, **given)
    return {**row, **(answer if isinstance(answer, dict) else {"result": shaped(answer)})}


def questions(op, dtype):
    """(pool, shape, axis, more) of every case of one op and dtype."""
    kind = np.dtype(dtype).kind
    product = "factor " if "prod" in op else ""
    plain = "f" if product else "t"
    pools = [f"{product}gaps"] if op.startswith("nan") and kind in "fc" else [plain]
    for pool in pools:
        yield pool, (100,), 0, {}
        yield from ((pool, (6, 7), axis, {}) for axis in (None, 0, -1))
        yield pool, (3, 4, 5), 1, {}
        yield from ((pool, (), axis, {}) for axis in (None, 0))
        yield pool, (1,), 0, {}
    yield from ((plain, shape, axis, {}) for shape, axis in (((0,), None), ((0, 3), 0), ((3, 0), 0), ((3, 0), None)))
    yield "u", (40,), 0, {}
    for target in ("int8", "float32", "complex128"):
        if np.can_cast(dtype, target, "same_kind"):
            yield pools[0], (2, 3), 1, {"options": {"dtype": target}}
            if (dtype, target) != ("uint64", "int8"):  # by way of float64, beyond what C says
                yield pools[0], (2, 3), 0, {"out": target}


def cumulative(p):
    bad = [((3, 4), 2), ((3, 4), -3), ((), 1)]
    rows = {op: [case(p, op, dtype, pool, shape, axis, **more) for dtype in DTYPES for pool, shape, axis, more in questions(op, dtype)]
            + [case(p, op, "float64", "t", shape, axis) for shape, axis in bad] for op in RUNNING}
    for op in ARRAY_API:
        pool = "f" if "prod" in op else "t"
        rows[op] = [case(p, op, dtype, pool, shape, axis, options) for dtype in DTYPES
                    for shape, axis, options in (((9,), None, {}), ((2, 3), 0, {"include_initial": True}), ((2, 3), -1, {}), ((), None, {}),
                                                 ((0,), None, {"include_initial": True}), ((2, 3), 1, {"include_initial": True, "dtype": "float64"}))
                    if "dtype" not in options or np.can_cast(dtype, "float64", "same_kind")]
        rows[op] += [case(p, op, "float64", "t", (3, 4), None), case(p, op, "float64", "t", (3, 4), 2)]
    return rows


def value(p, given):
    """An argument: {pool, dtype, shape} is an array of the first elements of a pool."""
    if not isinstance(given, dict):
        return given
    return p[given["dtype"]][given["pool"]][: math.prod(given["shape"])].reshape(given["shape"])


def difference(p, op, args, options=None):
    """One question: positional arguments and options, arrays among them by their pools."""
    options = options or {}
    answer = ask(getattr(np, op), *(value(p, x) for x in args), **{key: value(p, x) for key, x in options.items()})
    return {"op": op, "args": args, "options": options, **(answer if isinstance(answer, dict) else {"result": shaped(answer)})}


def differences(p):
    rows = {}
    for dtype in DTYPES:
        of = lambda *shape, pool="t", dtype=dtype: {"dtype": dtype, "pool": pool, "shape": shape}
        kind = np.dtype(dtype).kind
        asks = [("diff", [of(*shape), *more]) for shape, more in (
            ((9,), []), ((9,), [2]), ((9,), [0]), ((6, 7), [1, 0]), ((6, 7), [3, -1]), ((3, 4, 5), [1, 1]), ((1,), []), ((0,), []), ((3, 0), []),
            ((2,), [5]), ((), []), ((3,), [-1]), ((3,), [1, 1]))]
        asks += [("diff", [of(17, pool="u")]), ("diff", [of(3, 4), 1, 0], {"prepend": of(1, 4), "append": of(2, 4, dtype="float32")}),
                 ("diff", [of(3, 4), 1, 1], {"append": of()}), ("diff", [of(3, 4), 1, 1], {"append": of(2, 4)})]
        asks += [("ediff1d", [of(*shape)]) for shape in ((9,), (3, 4), (1,), (0,), ())]
        asks += [("ediff1d", [of(3, 4)], {"to_begin": of(2), "to_end": of(1, 2)}), ("ediff1d", [of(4)], {"to_end": of(2, dtype="float64")})]
        asks += [("ptp", [of(*shape), axis]) for shape, axis in (((9,), None), ((6, 7), 0), ((6, 7), (0, 1)), ((6, 7), -1), ((), None), ((0, 3), 1), ((0,), None), ((3,), 1))]
        asks += [("ptp", [of(6, 7), 1], {"keepdims": True})]
        if kind != "c":  # of several NaN complex numbers have another first one in each layout
            asks += [("ptp", [of(17, pool="u"), None])]
        if kind != "b":
            asks += [("trapezoid", [of(*shape)], options) for shape, options in (
                ((9,), {}), ((6, 7), {}), ((6, 7), {"axis": 0}), ((6, 7), {"axis": 0, "dx": 0.5}), ((3,), {"dx": 2}), ((1,), {}), ((0,), {}))]
            asks += [("trapezoid", [of(6, 7), of(7, dtype="float64")]), ("trapezoid", [of(6, 7), of(6, dtype="float64")], {"axis": 0}),
                     ("trapezoid", [of(6, 7), of(6, 7, dtype="float64")])]
        asks += [("gradient", [of(*shape), *more], options) for shape, more, options in (
            ((9,), [], {}), ((9,), [0.5], {}), ((9,), [[0, 1, 3, 4, 6, 7, 9, 12, 13]], {}), ((9,), [], {"edge_order": 2}), ((2,), [], {}),
            ((9,), [[0, 1, 3, 4, 6, 7, 9, 12, 13]], {"edge_order": 2}), ((6, 7), [], {"axis": 0}), ((6, 7), [2], {"axis": -1, "edge_order": 2}),
            ((6, 7), [[1, 2, 4, 5, 9, 10]], {"axis": 0}), ((1,), [], {}), ((2,), [], {"edge_order": 2}), ((3,), [], {"axis": 1}), ((3,), [], {"edge_order": 3}),
            ((3,), [[1, 2]], {})) if kind != "b"]
        rows[dtype] = [difference(p, *one) for one in asks]
    return rows
