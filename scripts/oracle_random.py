"""Asks NumPy 2 for the streams of default_rng(seed), and writes them to test/oracle/random.json.

    python3 scripts/oracle_random.py           # the same bytes each time, on one C library

A program is a seed and calls made one after the other on its generator: what a call keeps for the next shows only so.
A call stores its first ten values and the last as little-endian hexadecimal, and of all values' bytes the sum
of byte[i] * (2 i + 1) modulo 2^32. Beyond the ziggurat's edge float32 values come from the C library's log1pf, and the
last place of some is not the nearest (glibc 2.36): these count as zero in the sum, and are stored as "tails".
"""
import json
import random
import sys
from pathlib import Path

import numpy as np

OUT = Path(__file__).parent.parent / "test" / "oracle" / "random.json"
SEEDS = [0, 1, 42, 2**40, [1, 2, 3], 12345678901234567890]
MORE_SEEDS = [2**32 - 1, 2**32, 2**64, 2**200 + 3, [0], [7, 2**70, 0, 9, 11, 13]]
EDGES = {"standardNormal": 3.6541528853610088, "standardExponential": 7.69711747013105}
INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


def text(seed):
    return [str(s) for s in seed] if isinstance(seed, list) else str(seed)


def seeds():
    def state(seed):
        words = np.random.PCG64(seed).state["state"]
        halves = [words["state"] & (2**64 - 1), words["state"] >> 64, words["inc"] & (2**64 - 1), words["inc"] >> 64]
        return [str(half) for half in halves]

    return [{"seed": text(seed), "words": [str(w) for w in np.random.SeedSequence(seed).generate_state(4, np.uint64)],
             "state": state(seed)} for seed in SEEDS + MORE_SEEDS]


def answer(values, edge):
    """What is stored of the values of a call."""
    stored = {"head": values[:10].tobytes().hex(), "last": values[-1:].tobytes().hex()}
    if edge and values.dtype == np.float32:
        beyond = np.abs(values) > np.float32(edge)
        if beyond.any():
            stored["tails"] = values[beyond].tobytes().hex()
        values = np.where(beyond, np.float32(0), values)
    data = np.frombuffer(values.tobytes(), np.uint8).astype(np.uint32)
    weights = 2 * np.arange(data.size, dtype=np.uint32) + np.uint32(1)
    return {**stored, "sum": int((data * weights).sum(dtype=np.uint32))}


def call(rng, method, dtype, count, low=None, high=None, endpoint=False):
    asked = {"method": method, "dtype": dtype, "count": count}
    if method == "integers":
        values = rng.integers(low, high, count, dtype=dtype, endpoint=endpoint)
        asked |= {"low": str(low), "high": str(high), "endpoint": endpoint}
    else:
        name = {"standardNormal": "standard_normal", "standardExponential": "standard_exponential"}.get(method, method)
        values = getattr(rng, name)(count, dtype=dtype)
    return {**asked, **answer(values, EDGES.get(method))}


def fills():
    """200 000 values of every distribution from every seed: more than three calls of a kernel."""
    for seed in SEEDS:
        for method in ["random", "standardNormal", "standardExponential"]:
            for dtype in ["float64", "float32"]:
                yield {"seed": text(seed), "calls": [call(np.random.default_rng(seed), method, dtype, 200_000)]}


def ranges(dtype):
    """Pairs of the lowest and highest value (inclusive): one value, the whole dtype, around powers of two."""
    info = np.iinfo(dtype)
    yield info.min, info.min
    yield info.min, info.max
    yield info.min, info.max - 1
    yield info.min + 1, info.max
    yield (-5 if info.min else 3), 100
    for bits in [1, 3, info.bits // 2, info.bits - 1, 16, 31, 32, 33, 40, 63]:
        for width in [2**bits - 2, 2**bits - 1, 2**bits]:
            if width < info.max - info.min:
                yield info.min + 1, info.min + 1 + width
    yield info.max // 3, info.max // 3 * 2 + 1


def bounded():
    """All ranges of all integer dtypes; the uneven counts leave something kept for the double that follows."""
    for dtype in INTEGERS:
        for i, (low, high) in enumerate(dict.fromkeys(ranges(dtype))):
            rng = np.random.default_rng(42)
            endpoint = i % 2 == 0
            first = call(rng, "integers", dtype, 1001, low, high if endpoint else high + 1, endpoint)
            yield {"seed": "42", "calls": [first, call(rng, "random", "float32", 3)]}
    for low, high in [(0, 1), (0, 2), (1, 2)]:
        rng = np.random.default_rng(42)
        first = call(rng, "integers", "bool", 1001, low, high)
        yield {"seed": "42", "calls": [first, call(rng, "random", "float32", 3)]}
    # Longer than one call of a kernel: what is kept of a word must pass from chunk to chunk.
    for dtype in ["int8", "uint16", "int64"]:
        yield {"seed": "1", "calls": [call(np.random.default_rng(1), "integers", dtype, 200_001, 0, 100)]}


def mixed():
    """Random calls in a row on one generator."""
    choose = random.Random(2024)
    for seed in SEEDS:
        rng, calls = np.random.default_rng(seed), []
        for _ in range(40):
            method = choose.choice(["random", "standardNormal", "standardExponential", "integers", "integers"])
            count = choose.choice([1, 1, 2, 3, 5, 8, 33])
            if method != "integers":
                calls.append(call(rng, method, choose.choice(["float64", "float32"]), count))
                continue
            dtype = choose.choice(INTEGERS + ["bool"])
            bounds = [0, 1] if dtype == "bool" else sorted({bound for pair in ranges(dtype) for bound in pair})
            low, high = sorted(choose.sample(bounds, 2))
            calls.append(call(rng, method, dtype, count, low, high, True))
        yield {"seed": text(seed), "calls": calls}


def scaled():
    """normal and uniform: a standard value, scaled."""
    normals, uniforms = [(0, 1), (-2.5, 0.1), (3, 0)], [(0, 1), (-7, 1e6)]
    for method, a, b in [("normal", *n) for n in normals] + [("uniform", *u) for u in uniforms]:
        rng = np.random.default_rng(42)
        values = getattr(rng, method)(a, b, 1001)
        yield {"method": method, "arguments": [a, b], **answer(values, None)}


def main():
    if not np.__version__.startswith("2."):
        sys.exit(f"NumPy 2 is the judge; this is {np.__version__}")
    sections = [seeds, fills, bounded, mixed, scaled]
    lists = {section.__name__: list(section()) for section in sections}
    parts = []
    for name, rows in lists.items():
        parts.append(f'"{name}": [\n' + ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows) + "\n]")
    OUT.write_text("{\n" + ",\n".join(parts) + "\n}\n")
    print(f"{OUT.name} {OUT.stat().st_size / 1024:.0f} KiB, {sum(map(len, lists.values()))} rows")


if __name__ == "__main__":
    main()
