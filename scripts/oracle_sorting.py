"""What sorting answers: the stable orders, from which follows what sorts and partitions hold, and places in sorted arrays."""
import numpy as np

from oracle_inputs import DTYPES, HAS_LONG, LONG, SHAPES, b64


def places(a):
    """Indices and places, all below 65,536."""
    return b64(np.asarray(a).astype(np.uint16))


def orders(p):
    """Stable orders of every dtype along every axis; `axis` null is the flattened array."""
    rows = []
    for dtype in DTYPES:
        pools = [("x", shape) for shape in SHAPES.values()] + [("u", SHAPES[1]), ("short", (4, 6))]
        if dtype in HAS_LONG:
            pools += [("long", (LONG,)), ("long", (59, 70))]
        for pool, shape in pools:
            a = p[dtype][pool].reshape(shape)
            axes = [None, 0, 1] if pool == "short" else range(len(shape)) if pool == "x" else [len(shape) - 1]
            for axis in axes:
                rows.append({"dtype": dtype, "pool": pool, "shape": list(shape), "axis": axis,
                             "order": places(np.argsort(a, axis=axis, kind="stable"))})
    return rows


def keyed(p):
    """Orders by two keys of different dtypes, and by three."""
    rows = []
    for i, dtype in enumerate(DTYPES):
        other = DTYPES[(i + 5) % len(DTYPES)]
        for keys in ([(dtype, "x"), (other, "y")], [(other, "y"), (dtype, "x"), (dtype, "x")]):
            for shape, axis in ((SHAPES[1], -1), (SHAPES[2], 0)):
                arrays = [p[d][pool].reshape(shape) for d, pool in keys]
                rows.append({"keys": [list(key) for key in keys], "shape": list(shape), "axis": axis,
                             "order": places(np.lexsort(arrays, axis=axis))})
    return rows


def searches(p):
    """Where 40 values of one dtype would be put into 64 of another."""
    rows = []
    for dtype in DTYPES:
        table = p[dtype]["x"][::5][:63]
        order = np.argsort(table, kind="stable")
        for of in DTYPES:
            values = p[of]["y"][:40]
            answer = {side: places(np.searchsorted(table[order], values, side=side)) for side in ("left", "right")}
            same = all((np.searchsorted(table, values, side=side, sorter=order) == np.searchsorted(table[order], values, side=side)).all()
                       for side in answer)
            assert same
            rows.append({"dtype": dtype, "of": of, "sorter": places(order), **answer})
    return rows


def sorting(p):
    return {"orders": orders(p), "keyed": keyed(p), "searches": searches(p)}
