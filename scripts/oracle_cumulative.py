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
