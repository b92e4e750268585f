"""Files as NumPy writes them: every dtype, both orders of bytes and of axes, the three versions; archives of both kinds."""
import base64
import io

import numpy as np
from numpy.lib import format as npy

from oracle_inputs import DTYPES

COMPLEX = ("complex64", "complex128")


def text(data):
    return base64.b64encode(data).decode()


def sample(dtype, shape):
    a = (np.arange(np.prod(shape, dtype=int)) * 7 % 23).reshape(shape)
    return (a - 3j * a if dtype in COMPLEX else a).astype(dtype)


def written(a, version=None):
    out = io.BytesIO()
    npy.write_array(out, a, version)
    return out.getvalue()


def plain(a):
    """The array's file in our own form: native bytes, C order, version 1."""
    return text(written(a.astype(a.dtype.newbyteorder("="), order="C")))


def arrays():
    for dtype in DTYPES:
        for order in "<>":
            for layout in "CF":
                a = np.asarray(sample(dtype, (2, 3)), order=layout).astype(np.dtype(dtype).newbyteorder(order), order="K")
                yield f"{dtype} {order} {layout}", a, None
        yield f"{dtype} empty", sample(dtype, (0, 3)), None
        yield f"{dtype} of no axes", np.asarray(sample(dtype, (1,))[0]), None
    for version in ((1, 0), (2, 0), (3, 0)):
        yield f"version {version[0]}", sample("float64", (5,)), version


def archives():
    contents = {"x": sample("float64", (4, 5)), "fortran": np.asfortranarray(sample("int16", (3, 2))),
                "big": sample("int32", (6,)).astype(">i4"), "none": np.array(7), "ü": sample("bool", (3,))}
    for name, write in (("savez", np.savez), ("savez_compressed", np.savez_compressed)):
        out = io.BytesIO()
        write(out, sample("int8", (300,)), **contents)
        held = {**contents, "arr_0": sample("int8", (300,))}
        yield {"name": name, "file": text(out.getvalue()), "arrays": {k: plain(np.asarray(v)) for k, v in held.items()}}


def files():
    rows = [{"name": name, "file": text(written(a, version)), "plain": plain(a)} for name, a, version in arrays()]
    return {"npy": rows, "npz": list(archives())}
