"""The inputs of the oracle, and how its answers are written."""
import base64
import json
import math
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parent.parent / "test" / "oracle"

DTYPES = ("bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128").split()
N, GRID, SHORT, LONG = 315, 17, 24, 70 * 59
HAS_LONG = ("bool", "int8", "int32", "float16", "float32", "float64", "complex64")
SHAPES = {1: (N,), 2: (15, 21), 3: (5, 7, 9)}


def b64(a):
    return base64.b64encode(np.ascontiguousarray(a).tobytes()).decode()


def stored(a):
    """An array as [dtype, base64]."""
    a = np.asarray(a)
    return [a.dtype.name, b64(a)]


def shaped(a):
    """An array as {dtype, shape, data}."""
    a = np.asarray(a)
    return {"dtype": a.dtype.name, "shape": list(a.shape), "data": b64(a)}


def refusal(error):
    """What NumPy threw, without the ufunc machinery's private class names."""
    kind = next(c.__name__ for c in type(error).__mro__ if not c.__name__.startswith("_") and c.__name__ != "UFuncTypeError")
    # NumPy writes an unknown length, -1, as newaxis.
    return {"error": kind, "message": str(error).replace("newaxis", "-1")}


def ask(f, *args, **options):
    """f's answer, or its refusal."""
    try:
        return f(*args, **options)
    except (TypeError, ValueError, IndexError, OverflowError) as error:
        return refusal(error)


def write(name, tables):
    """Writes two levels of keys over lines, so that a changed answer is one changed line."""
    lines = []
    for table, rows in tables.items():
        if isinstance(rows, dict):
            body = ",\n".join(f"{json.dumps(key)}: {json.dumps(row, separators=(',', ':'))}" for key, row in rows.items())
            lines.append(f"{json.dumps(table)}: {{\n{body}\n}}")
        elif isinstance(rows, list):
            body = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
            lines.append(f"{json.dumps(table)}: [\n{body}\n]")
        else:
            lines.append(f"{json.dumps(table)}: {json.dumps(rows)}")
    (OUT / f"{name}.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def random(seed):
    """The one generator whose stream NumPy promises never to change."""
    return np.random.RandomState(seed)


def integers(info, rng, count):
    """Integers of every magnitude the dtype has."""
    bits = rng.randint(1, info.bits + 1, count)
    whole = [int.from_bytes(rng.bytes(8), "little") >> (64 - int(b)) for b in bits]
    return [w if info.min == 0 else (w - (1 << info.bits) if w > info.max else w) for w in whole]


def nasty(dtype):
    """GRID values of a dtype that break things."""
    d = np.dtype(dtype)
    if d.kind == "b":
        return np.array([0, 1] * GRID, d)[:GRID]
    if d.kind == "i":
        i = np.iinfo(d)
        return np.array([0, 1, 2, 3, 5, 7, 10, 17, i.max, i.max - 1, i.max // 2, i.min, i.min + 1, -1, -2, -3, -7], d)
    if d.kind == "u":
        i = np.iinfo(d)
        return np.array([0, 1, 2, 3, 5, 7, 10, 17, i.max, i.max - 1, i.max - 2, i.max // 2, i.max // 2 + 1, 50, 100, 127, 128], d)
    if d.kind == "f":
        f = np.finfo(d)
        return np.array([0, -0.0, 1, -1, 0.5, -2.5, 3, -7, 1000.5, 1 / 3, np.inf, -np.inf, np.nan,
                         f.smallest_subnormal, f.tiny, f.max, -f.max], d)
    f = np.finfo(d)
    c, inf, nan = complex, np.inf, np.nan
    return np.array([0, c(-0.0, -0.0), 1, -1, 1j, c(3, 4), c(-2.5, 0.5), c(-0.0, 2), c(1 / 3, -7), c(1e3, -1e-3), c(inf, 0),
                     c(0, -inf), c(nan, 0), c(1, nan), c(inf, inf), c(f.max, 1), c(f.tiny, -f.tiny)], d)


def ordinary(dtype, rng, count):
    """Random values without surprises: integers of all magnitudes, floats of some units."""
    d = np.dtype(dtype)
    if d.kind == "b":
        return rng.randint(0, 2, count).astype(d)
    if d.kind in "iu":
        return np.array(integers(np.iinfo(d), rng, count), d)
    if d.kind == "f":
        return rng.uniform(-10, 10, count).astype(d)
    return (rng.uniform(-10, 10, count) + 1j * rng.uniform(-10, 10, count)).astype(d)


# Halves and ties, the ends of domains, where exp overflows, multiples of π, arguments that need long reduction.
EDGES = [1.5, 2.5, -0.5, -1.5, 0.49999999999999994, 2.0**52 + 0.5, 4503599627370497.5, 2.0**53, 2.0**63, -(2.0**63), 2.0**64,
         2147483647.5, 127.5, 255.5, -128.5, 32767.5, 65535.5, 65504, 65519.99, 65520, 1 + 2.0**-11 + 2.0**-40, 2.0**-25,
         2.0**-25 + 2.0**-60, 1 - 2.0**-24, 1 + 2.0**-23, -1 + 2.0**-53, 0.9999, -0.9999, 1.0001, 2, 4, 8, 10, 100, 1000, 0.1,
         math.pi, math.pi / 2, -math.pi / 4, 355, 1e5, 1e10, 1e22, 709.7827, -745.13, 88.7228, -103.97, 11.0898, -17.3, 1024, -1074,
         128, -149, 1e-4, 1e-8, 1e-20, -1e-300, 5, 27, -64, 0.7071, 20.5, -36.7, 9.01, 22]


def single(dtype):
    """N values for functions of one: nasty ones, edges, every magnitude."""
    d, rng = np.dtype(dtype), random(3)
    if d.kind == "b":
        return ordinary(d, rng, N)
    if d.kind in "iu":
        info = np.iinfo(d)
        small = np.arange(256, dtype=np.uint8).view(d) if d.itemsize == 1 else np.arange(-30 * (d.kind == "i"), 60).astype(d)
        # Odd just above a tie: rounding to float64 first, and then to float32 or float16, gives another answer.
        ties = [v for v in (2049, 2051, 65503, 65519, 65520, (1 << 24) + 1, (1 << 53) + 1, (1 << 54) + (1 << 30) + 1) if v <= info.max]
        values = np.concatenate([nasty(d), np.array(ties, d), small])[:N]
        return np.concatenate([values, ordinary(d, rng, N - len(values))])
    if d.kind == "f":
        values = np.concatenate([nasty(d), np.array(EDGES).astype(d)])
        wide = np.where(rng.randint(0, 2, 90) == 0, 1, -1) * np.exp2(rng.uniform(-40, 40, 90))
        unit = rng.uniform(-1, 1, 60)
        values = np.concatenate([values, wide.astype(d), unit.astype(d)])
        return np.concatenate([values, ordinary(d, rng, N - len(values))])
    parts = np.array([0, -0.0, 1, -2.5, np.inf, -np.inf, np.nan])
    grid = np.array([complex(re, im) for re in parts for im in parts])
    return np.concatenate([np.concatenate([nasty(d), grid.astype(d)]), ordinary(d, rng, N - GRID - len(grid))])


def factors(dtype):
    """Values whose product stays in range; integers wrap anyway."""
    d, rng = np.dtype(dtype), random(5)
    if d.kind in "biu":
        return np.maximum(ordinary(d, rng, N), np.array(1, d)) if d.kind == "b" else ordinary(d, rng, N) | np.array(1, d)
    size = rng.uniform(0.8, 1.25, N)
    sign = np.where(rng.randint(0, 2, N) == 0, 1, -1)
    return (size * sign if d.kind == "f" else size * np.exp(1j * rng.uniform(-3, 3, N))).astype(d)


def special(dtype):
    """Rows that no order of summing makes ordinary: infinities, NaN, nothing but -0, too large."""
    inf, nan, big = np.inf, np.nan, float(np.finfo(dtype).max)
    rows = [[1, inf, 2, 3], [inf, -inf, 1, 2], [nan, 1, inf, 2], [-0.0] * 4, [big, big, 1, 0.5], [1, 2, 3, nan], [2, 2, -1, -1]]
    return np.array(rows, dtype).reshape(-1)


def gaps(x, lead):
    """With missing values: every fourth, and the first `lead`; of complex numbers one of the parts."""
    i, nan = np.arange(len(x)), np.nan
    missing = np.where(i % 2 == 0, complex(nan, 1), complex(1, nan)) if x.dtype.kind == "c" else np.full(len(x), nan)
    return np.where((i % 4 == 1) | (i < lead), missing, x).astype(x.dtype)


def tame(x):
    """Without what powers of complex numbers overflow on, or lose all digits of log x by."""
    size = np.abs(x.astype(np.complex128))
    return np.where((size < 1e18) & ((size > 1e-18) | (size == 0)), x, np.array(1.5 - (0.5j if x.dtype.kind == "c" else 0), x.dtype))


def bases(x):
    """What is raised to powers."""
    return tame(x) if x.dtype.kind == "c" else x


def exponents(y):
    """Small whole numbers for integers, whose negative powers are refused."""
    return (y.astype(object) % 8).astype(y.dtype) if y.dtype.kind in "iu" else bases(y)


def pools():
    table = {}
    for dtype in DTYPES:
        v, rng = nasty(dtype), random(1)
        x = np.concatenate([np.repeat(v, GRID), ordinary(dtype, rng, N - GRID * GRID)])
        y = np.concatenate([np.tile(v, GRID), ordinary(dtype, rng, N - GRID * GRID)])
        short = np.concatenate([v, ordinary(dtype, random(7), SHORT - GRID)])
        table[dtype] = {
            "x": x, "y": y, "u": single(dtype), "t": ordinary(dtype, random(4), N), "f": factors(dtype), "b": bases(x), "e": exponents(y),
            "short": short, "reversed": short[::-1], "base": tame(short) if x.dtype.kind in "fc" else short,
            "exponent": tame(short[::-1]) if x.dtype.kind in "fc" else exponents(short[::-1]),
        }
        if np.dtype(dtype).kind == "f":
            table[dtype]["special"] = special(dtype)
        if np.dtype(dtype).kind in "fc":
            for start, pool in (("", "t"), ("factor ", "f")):
                table[dtype] |= {f"{start}gaps": gaps(table[dtype][pool], 0), f"{start}holes": gaps(table[dtype][pool], SHAPES[2][1])}
        if dtype in HAS_LONG:
            table[dtype]["long"] = ordinary(dtype, random(6), LONG)
    return table
