"""What products of vectors and matrices answer: whole numbers whose sums are exact in every dtype, and shapes that meet."""
import numpy as np

from oracle_inputs import DTYPES, b64

CASES = [
    ("vecdot", (21,), (21,)), ("vecdot", (5, 1, 9), (4, 9)), ("vecdot", (3, 0), (0,)), ("vecdot", (2, 300), (300,)),
    ("matvec", (7, 5), (5,)), ("matvec", (3, 1, 4, 6), (2, 6)), ("matvec", (4, 0), (0,)),
    ("vecmat", (5,), (5, 7)), ("vecmat", (2, 6), (3, 1, 6, 4)), ("vecmat", (0,), (0, 3)),
    ("matmul", (33, 70), (70, 35)), ("matmul", (2, 3), (3,)), ("matmul", (3,), (3, 4)), ("matmul", (9,), (9,)),
    ("matmul", (3, 1, 2, 5), (4, 5, 3)), ("matmul", (0, 3), (3, 2)), ("matmul", (2, 0), (0, 2)), ("matmul", (1, 5), (5, 1)),
]
# Products that are not ufuncs, with what they take behind their operands.
OLDER = [
    ("dot", (5,), (5,)), ("dot", (), (2, 3)), ("dot", (2, 3), ()), ("dot", (4, 6), (6, 5)), ("dot", (4, 6), (6,)), ("dot", (6,), (6, 5)),
    ("dot", (2, 3, 4), (5, 4, 6)), ("dot", (4,), (2, 3, 4, 5)), ("dot", (3, 2, 4), (4, 2)), ("dot", (3, 4), (2, 3, 4, 1)), ("dot", (0, 3), (3, 0)), ("dot", (2, 0), (4, 0, 3)),
    ("vdot", (2, 3), (3, 2)), ("vdot", (7,), (7,)), ("vdot", (0,), (0, 4)), ("vdot", (), ()), ("vdot", (2, 3), (2, 3)),
    ("inner", (5,), (5,)), ("inner", (2, 4), (3, 4)), ("inner", (2, 3, 4), (5, 6, 4)), ("inner", (4,), (3, 4)), ("inner", (3, 4), (4,)), ("inner", (), (3,)), ("inner", (2, 0), (0,)),
    ("outer", (3,), (4,)), ("outer", (2, 3), (2, 2)), ("outer", (), (3,)), ("outer", (0,), (3,)),
    ("tensordot", (2, 3), (2, 3)), ("tensordot", (2, 3, 4), (3, 4, 5)), ("tensordot", (2, 3), (4,), 0), ("tensordot", (2, 3, 4), (4, 2, 5), 1),
    ("tensordot", (3, 4, 5), (4, 3, 2), [[1, 0], [0, 1]]), ("tensordot", (3, 4, 5), (4, 3, 2), [[0, 1], [1, 0]]), ("tensordot", (2, 3), (2, 5), [0, 0]), ("tensordot", (2, 3, 4), (3, 2), [[-2, 0], [0, -1]]), ("tensordot", (0, 3), (3, 2), 1), ("tensordot", (2, 0), (0, 2), 1),
    ("kron", (2,), (3,)), ("kron", (2, 3), (4,)), ("kron", (3,), (2, 2)), ("kron", (2, 1, 2), (3, 2)), ("kron", (), (4,)), ("kron", (0,), (4,)),
    ("cross", (3,), (3,)), ("cross", (4, 3), (3,)), ("cross", (2, 1, 3), (5, 3)), ("cross", (0, 3), (3,)),
]
MIXED = [("int8", "uint8"), ("int32", "float64"), ("bool", "float16"), ("float16", "int8"), ("int64", "uint64"), ("float32", "complex64")]


def operand(shape, dtype, step):
    """Whole numbers from -3 to 3; complex ones have imaginary parts too."""
    n = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    x = (n * step % 7 - 3).astype(dtype)
    return (x + (n * step % 5 - 2) * 1j).astype(dtype) if x.dtype.kind == "c" else x


def row(f, shapes, dtypes, *more):
    z = np.asarray(getattr(np, f)(operand(shapes[0], dtypes[0], 3), operand(shapes[1], dtypes[1], 2), *more))
    if z.dtype.kind == "c" or (z.dtype.kind == "f" and f not in ("matmul", "vecdot", "matvec", "vecmat")):
        z = z + z.dtype.type(0)  # the sign of a zero is left to BLAS
    return {"f": f, "shapes": shapes, "dtypes": dtypes, **({"more": more} if more else {}), "dtype": z.dtype.name, "shape": list(z.shape), "data": b64(np.asarray(z))}


def products(_):
    rows = [row(f, (x, y), (d, d)) for d in DTYPES for f, x, y in CASES]
    older = [row(f, (x, y), (d, d), *more) for d in DTYPES for f, x, y, *more in OLDER if (f, d) != ("cross", "bool")]
    older += [row(f, (x, y), pair, *more) for pair in MIXED if "uint64" not in pair for f, x, y, *more in (OLDER[6], OLDER[12], OLDER[19], OLDER[26], OLDER[32], OLDER[39], OLDER[44])]
    return {"older": older, "products": rows + [row(f, ((6, 5), (5, 6)) if f == "matmul" else ((6, 5), (6, 5)), pair) for pair in MIXED for f in ("matmul", "vecdot")]}
