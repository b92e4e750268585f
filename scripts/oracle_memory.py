"""Asks tracemalloc how many bytes NumPy holds at the highest moment of an operation, inputs not counted.

    python3 scripts/oracle_memory.py     # rewrites test/oracle/memory.json

NumPy reports its data to tracemalloc; what CPython's objects take besides is some hundred bytes, and the same code
gives the same figure within a few of them, so figures are rounded to 1/1000 of a byte per element.
"""
import gc
import json
import tracemalloc
import warnings
from pathlib import Path

import numpy as np

N = 100_000


def inputs():
    rng = np.random.default_rng(7)
    x = rng.standard_normal(N)
    return {
        "x": x, "y": rng.standard_normal(N), "f": x.astype(np.float32), "i": (x * 100).astype(np.int16),
        "m": np.ascontiguousarray(x[: 300 * 300].reshape(300, 300)), "mask": x > 0,
        "index": rng.integers(0, N, N).astype(np.int32), "out": np.empty(N),
    }


def fastcount(x, y):
    na = np.isnan(x)
    na[np.isnan(y)] = True
    lx, ly = x.copy(), y.copy()
    lx[na] = 0
    ly[na] = 0
    return ~na


def iadd(a, b):
    a += b


# name: what runs, and the number of elements that the figure is divided by
CASES = {
    "nanToNum(x, { copy: false })": (lambda g: np.nan_to_num(g["x"], copy=False), N),
    "nanToNum(x)": (lambda g: np.nan_to_num(g["x"]), N),
    "where(x > 0, x, 0)": (lambda g: np.where(g["x"] > 0, g["x"], 0), N),
    "std(x)": (lambda g: g["x"].std(), N),
    "(x - mean) / std": (lambda g: (g["x"] - g["x"].mean()) / g["x"].std(), N),
    "sqrt(x * x + y * y)": (lambda g: np.sqrt(g["x"] * g["x"] + g["y"] * g["y"]), N),
    "f32 += f64": (lambda g: iadd(g["f"], g["x"]), N),
    "a[1:] += a[:-1]": (lambda g: iadd(g["x"][1:], g["x"][:-1]), N),
    "a[:-1] += a[1:]": (lambda g: iadd(g["x"][:-1], g["x"][1:]), N),
    "m += m.T": (lambda g: iadd(g["m"], g["m"].T), 90_000),
    "x[mask]": (lambda g: g["x"][g["x"] > 0], N),
    "x[index]": (lambda g: g["x"][g["index"]], N),
    "x + 1": (lambda g: g["x"] + 1, N),
    "x * y, { out }": (lambda g: np.multiply(g["x"], g["y"], out=g["out"]), N),
    "i16 + f64": (lambda g: g["i"] + g["x"], N),
    "x.copy()": (lambda g: g["x"].copy(), N),
    "x.astype(f32)": (lambda g: g["x"].astype(np.float32), N),
    "m.T.reshape(-1)": (lambda g: g["m"].T.reshape(-1), 90_000),
    "m + m.T": (lambda g: g["m"] + g["m"].T, 90_000),
    "sum(x)": (lambda g: g["x"].sum(), N),
    "sum(m, 0)": (lambda g: g["m"].sum(0), 90_000),
    "mean(i16)": (lambda g: g["i"].mean(), N),
    "var(m, 0)": (lambda g: g["m"].var(0), 90_000),
    "clip(x, -1, 1)": (lambda g: np.clip(g["x"], -1, 1), N),
    "x[mask] = 0": (lambda g: g["x"].__setitem__(g["mask"], 0), N),
    "concatenate(x, y)": (lambda g: np.concatenate([g["x"], g["y"]]), N),
    "append(x, 6)": (lambda g: np.append(g["x"], 6), N),
    "round(x, 2)": (lambda g: np.round(g["x"], 2), N),
    "countNonzero(m, 0)": (lambda g: np.count_nonzero(g["m"], 0), 90_000),
    "argwhere(mask)": (lambda g: np.argwhere(g["mask"]), N),
    "fastcount(x, y)": (lambda g: fastcount(g["x"], g["y"]), N),
}


def peak(run):
    """The peak of the second run: the first makes what NumPy keeps."""
    for _ in range(2):
        given = inputs()
        gc.collect()
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        result = run(given)
        bytes_ = tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()
        del result
    return bytes_


def main():
    warnings.simplefilter("ignore")
    rows = {name: round(peak(run) / n, 3) for name, (run, n) in CASES.items()}
    path = Path(__file__).parent.parent / "test" / "oracle" / "memory.json"
    path.write_text(json.dumps({"numpy": np.__version__, "N": N, "bytesPerElement": rows}, indent=1) + "\n")
    for name, value in rows.items():
        print(f"{name:32}{value:9.3f}")


main()
