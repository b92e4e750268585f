"""Zarr arrays of format 2 as Python's library writes them, for test/oracle/zarr.json. Debian's python3-zarr runs it:

    /usr/bin/python3 scripts/oracle_zarr.py

Every dtype in both byte orders, both orders of elements, and what else a `.zarray` can say. Beside the files of each array
stands what NumPy says is in it, as an .npy file of native bytes.
"""
import base64
import io
import json
import os

import numpy as np
import zarr

DTYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128".split()
FILLS = {"bool": True, "int64": -(2**63), "uint64": 2**64 - 1, "float16": 0.1, "float32": float("nan"),
         "float64": float("-inf"), "complex64": complex(float("inf"), 1.5), "complex128": complex(0.1, -2.5)}
# Of a complex fill value the library adds the parts as re + 1j * im, so that an imaginary NaN makes all of it one.


def text(data):
    return base64.b64encode(data).decode()


def sample(dtype, shape):
    a = (np.arange(np.prod(shape, dtype=int)) * 7 % 23).reshape(shape)
    return (a - 3j * a if dtype.startswith("complex") else a).astype(dtype)


def row(name, store, z, **more):
    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(z[...].astype(z.dtype.newbyteorder("="))).reshape(z.shape))
    return {"name": name, **more, "files": {key: text(store[key]) for key in sorted(store)}, "npy": text(out.getvalue())}


def stored(name, a, chunks, fill=0, part=None, attrs=None, **options):
    store = {}
    z = zarr.open(store, mode="w", shape=a.shape, dtype=a.dtype, chunks=chunks, fill_value=fill, **options)
    z[part or ...] = a[part or ...]
    z.attrs.update(attrs or {})
    return row(name, store, z)


def arrays():
    for dtype in DTYPES:
        for mark in "<>":
            for order in "CF":
                a = sample(dtype, (5, 7)).astype(np.dtype(dtype).newbyteorder(mark))
                gzip = zarr.GZip(1) if (mark == "<") == (order == "C") else None
                yield stored(f"{dtype} {mark} {order}", a, (2, 3), compressor=gzip, order=order)
        # Chunks that are missing are the fill value.
        part = (slice(0, 2), slice(0, 3))
        yield stored(f"{dtype}, mostly missing", sample(dtype, (5, 7)), (2, 3), FILLS.get(dtype, 7), part, compressor=None)
    for level in (1, 9):
        yield stored(f"zlib {level}", sample("int32", (300, 11)), (100, 4), compressor=zarr.Zlib(level))
    yield stored("gzip of many bytes", sample("float64", (300, 11)), (300, 11), compressor=zarr.GZip(9))
    yield stored("no axes", np.array(7.5), (), compressor=None)
    yield stored("no elements", sample("int16", (0, 3)), (2, 2), compressor=None)
    yield stored("one axis", sample("uint8", (11,)), (4,), compressor=zarr.GZip())
    yield stored("three axes", sample("int16", (3, 4, 5)), (2, 2, 2), compressor=None, order="F")
    yield stored("keys with slashes", sample("float32", (5, 7)), (2, 3), compressor=None, dimension_separator="/")
    yield stored("no fill value", sample("float32", (4,)), (2,), None, compressor=None)
    yield stored("attributes", sample("int8", (4,)), (2,), compressor=None, attrs={"unit": "°C", "n": [1, None, 2.5]})


def group():
    store = {}
    root = zarr.group(store)
    z = root.create_dataset("weather/temperature", data=sample("float32", (4, 6)), chunks=(2, 4), compressor=zarr.GZip())
    zarr.consolidate_metadata(store)
    return row("a group", store, z, path="weather/temperature")


if __name__ == "__main__":
    path = os.path.join(os.path.dirname(__file__), "../test/oracle/zarr.json")
    rows = [*arrays(), group()]
    with open(path, "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in rows) + "\n]\n")
    print(len(rows), "arrays, zarr", zarr.__version__)
