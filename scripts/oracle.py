"""Asks NumPy 2 what is right, and writes its answers under test/oracle/ for the tests to replay.

    python3 scripts/oracle.py            # rewrites every file; the same bytes each time
    python3 scripts/oracle.py ufuncs     # only this one

To add a ufunc, add its name to UNARY or BINARY in oracle_values.py and run this. Nobody needs Python to run the tests.

How the data are laid out. Inputs are *pools*, stored once per dtype; a case names its pool, and stores NumPy's
answer as base64 of little-endian bytes. Pools x and y hold GRID × GRID pairs (every nasty value against every nasty
value, x[i] = V[i // GRID], y[i] = V[i % GRID]) and then random ones, N in all: odd, so that vector loops have tails,
and 15 × 21 = 5 × 7 × 9, so that it can be given shapes. Pool u is for functions of one, t is tame (random, no NaN),
f holds factors whose product stays in range, b and e (base and exponent in short) what may be raised to powers.

Where `nbytes` means to differ from NumPy on x86-64 the difference is made here, and only here:
indices and counts are int32 (NumPy's intp on 32-bit platforms), floats outside an integer's range saturate, and the
reciprocal of an integer 0 is 0.
"""
import os

# Only the baseline of NumPy's SIMD dispatch, so that answers do not depend on the machine that ran this.
os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", "X86_V3 X86_V4 AVX512_ICL AVX512_SPR")

import sys
import warnings

import numpy as np

from oracle_cumulative import cumulative, differences
from oracle_files import files
from oracle_arrays import indexing, manipulation, printing
from oracle_inputs import GRID, LONG, N, OUT, SHORT, b64, pools, write
from oracle_page import page
from oracle_reductions import reductions
from oracle_products import products
from oracle_sorting import sorting
from oracle_special import special
from oracle_text import text
from oracle_values import casting, types, ufuncs

FILES = {
    "pools": lambda p: {"sizes": {"N": N, "GRID": GRID, "SHORT": SHORT, "LONG": LONG},
                        **{dtype: {name: b64(a) for name, a in row.items()} for dtype, row in p.items()}},
    "ufuncs": ufuncs,
    "types": lambda p: types(),
    "casting": casting,
    "reductions": reductions,
    "cumulative": cumulative,
    "differences": differences,
    "page": page,
    "products": products,
    "sorting": sorting,
    "special": special,
    "text": text,
    "manipulation": lambda p: manipulation(),
    "indexing": lambda p: indexing(),
    "printing": lambda p: printing(),
    "names": lambda p: names(),
    "files": lambda p: files(),
}


def names():
    """The public names of NumPy's top level, of ndarray, of Generator, and of its numeric modules; which are ufuncs."""
    public = lambda o: sorted(n for n in dir(o) if not n.startswith("_"))
    bases = ("polynomial", "chebyshev", "legendre", "hermite", "hermite_e", "laguerre")
    modules = {"linalg": np.linalg, "fft": np.fft, "emath": np.emath, "polynomial": np.polynomial,
               **{f"polynomial.{b}": getattr(np.polynomial, b) for b in bases}}
    return {"modules": {name: sorted(m.__all__) for name, m in modules.items()}, "numpy": public(np), "ndarray": public(np.ndarray), "strides": public(np.lib.stride_tricks),
            "generator": public(np.random.Generator),
            "ufuncs": [n for n in public(np) if isinstance(getattr(np, n), np.ufunc)]}


def main(names):
    if not np.__version__.startswith("2."):
        sys.exit(f"NumPy 2 is the judge; this is {np.__version__}")
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    OUT.mkdir(parents=True, exist_ok=True)
    p = pools()
    for name in names or FILES:
        write(name, FILES[name](p))
        print(f"{name:14}{(OUT / f'{name}.json').stat().st_size / 1024:9.0f} KiB")


if __name__ == "__main__":
    main(sys.argv[1:])
