"""Measures how far the float functions are from the truth, and writes the worst inputs to test/oracle/ulp.json.

    npm run build && python3 scripts/ulp.py      # prints a table; x86-64 only: the truth comes from 80-bit floats

Each row of the file is [x, high, low] or [x, y, high, low]: the inputs, and the true value in two float64 numbers.
The inputs are those of some 500,000 samples where `nbytes` was worst when this ran, and some that are hard by nature.
"""
import json
import os
import subprocess
import tempfile

import numpy as np

L = np.longdouble
N = 30_000
KEPT = 12
UNARY = "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp exp2 expm1 log log2 log10 log1p cbrt".split()
BINARY = "arctan2 hypot power".split()
ROOT = os.path.join(os.path.dirname(__file__), "..")
RUN = """
import { readFileSync, writeFileSync } from "node:fs";
const n = await import(process.argv[1]);
const read = (name) => n.array(new Float64Array(readFileSync(name).buffer.slice(0)));
const [d, x, y] = ["d", "x", "y"].map(read);
for (const name of process.argv[2].split(" ")) writeFileSync(name, n[name](d).toTypedArray());
for (const name of process.argv[3].split(" ")) writeFileSync(name, n[name](x, y).toTypedArray());
"""

rng = np.random.default_rng(5)


def spread(low, high, n=N):
    return np.exp(rng.uniform(np.log(low), np.log(high), n)) * rng.choice([-1, 1], n)


multiples = np.arange(1, 8000) * (np.pi / 2)
near = np.concatenate([multiples, np.nextafter(multiples, 0), multiples * (1 + rng.normal(size=multiples.size) * 1e-9)])
d = np.concatenate([rng.uniform(-k, k, N) for k in (1, 10, 100, 750)] + [
    rng.uniform(0.5, 2, N), 1 + np.abs(rng.normal(size=N)) * 1e-3, 1 + np.abs(rng.normal(size=N)) * 1e-8, spread(1e-300, 1e300),
    spread(1e-8, 1e8), spread(1e-320, 1e-300, 2000), near, np.nextafter(1, 0) - np.arange(500) * 1.2e-16, 1 + np.arange(500) * 2.3e-16,
    [0.0, 1.0, -1.0, 0.5, 5e-324, 1e22, 1.7976931348623157e308, 6381956970095103 * 2.0**797]])
a = rng.uniform(-10, 10, N)
pairs = [(a, rng.uniform(-10, 10, N)), (spread(1e-300, 1e300), spread(1e-300, 1e300)), (spread(1e-5, 1e5), spread(1e-5, 1e5)),
         (np.abs(spread(1e-5, 1e5)), rng.uniform(-60, 60, N)), (a, a * (1 + rng.normal(size=N) * 1e-7))]
x, y = (np.concatenate([p[k] for p in pairs]) for k in (0, 1))


def errors(got, truth):
    right = truth.astype(np.float64)
    step = np.spacing(np.maximum(np.abs(right), np.finfo(np.float64).smallest_normal)).astype(L)
    e = np.abs(got.astype(L) - truth) / step
    return np.where(np.isfinite(right) & np.isfinite(got), e, 0)


def main():
    np.seterr(all="ignore")
    table = {}
    with tempfile.TemporaryDirectory() as at:
        for name, values in (("d", d), ("x", x), ("y", y)):
            values.astype(np.float64).tofile(os.path.join(at, name))
        dist = "file://" + os.path.abspath(os.path.join(ROOT, "dist/index.js"))
        subprocess.run(["node", "--input-type=module", "-e", RUN, dist, " ".join(UNARY), " ".join(BINARY)], cwd=at, check=True)
        for name in UNARY + BINARY:
            inputs = [d] if name in UNARY else [x, y]
            f = getattr(np, name)
            truth = f(*(v.astype(L) for v in inputs))
            e, of_numpy = errors(np.fromfile(os.path.join(at, name)), truth), errors(f(*inputs), truth)
            worst = np.argsort(-e)[:KEPT]
            print(f"{name:8s} {float(e.max()):.3f} ulp at {[v[worst[0]] for v in inputs]}, NumPy {float(of_numpy.max()):.3f}")
            high = truth[worst].astype(np.float64)
            low = (truth[worst] - high.astype(L)).astype(np.float64)
            table[name] = [[float(n) for n in row] for row in zip(*(v[worst] for v in inputs), high, low)]
    rows = ",\n".join(f'  "{name}": [\n' + ",\n".join("    " + json.dumps(r) for r in found) + "\n  ]" for name, found in table.items())
    with open(os.path.join(ROOT, "test/oracle/ulp.json"), "w") as file:
        file.write("{\n" + rows + "\n}\n")


main()
