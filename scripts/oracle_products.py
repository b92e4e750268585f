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
MIXED = [("int8", "uint8"), ("int32", "float64"), ("bool", "float16"), ("float16", "int8"), ("int64", "uint64"), ("float32", "complex64")]


def operand(shape, dtype, step):
    """Whole numbers from -3 to 3; complex ones have imaginary parts too."""
    n = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    x = (n * step % 7 - 3).astype(dtype)
    return (x + (n * step % 5 - 2) * 1j).astype(dtype) if x.dtype.kind == "c" else x


def row(f, shapes, dtypes):
    z = getattr(np, f)(operand(shapes[0], dtypes[0], 3), operand(shapes[1], dtypes[1], 2))
    if z.dtype.kind == "c":
        z = z + z.dtype.type(0)  # the sign of a zero is left to BLAS
    return {"f": f, "shapes": shapes, "dtypes": dtypes, "dtype": z.dtype.name, "shape": list(z.shape), "data": b64(np.asarray(z))}


def products(_):
    rows = [row(f, (x, y), (d, d)) for d in DTYPES for f, x, y in CASES]
    return {"products": rows + [row(f, ((6, 5), (5, 6)) if f == "matmul" else ((6, 5), (6, 5)), pair) for pair in MIXED for f in ("matmul", "vecdot")]}
