"""NumPy's side of the speed table: reads requests as lines of JSON, answers each with one line.

{"new": 1000}                         -> {}         forget all names; n is 1000
{"run": "x = np.ones(n)"}             -> {}         run statements that make inputs
{"value": "np.add(x, y)"}             -> {"size", "nbytes", "hash", "sample"}
{"time": "np.add(x, y)", "loops": 7}  -> {"seconds"}   of all loops together; the loop is timeit's own
{"about": 1}                          -> {"numpy", "python", "simd"}
"""

import hashlib
import json
import platform
import sys
import timeit

import numpy as np


def about():
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return {"numpy": np.__version__, "python": platform.python_version(), "simd": found[-1] if found else ""}


def describe(value):
    """An array as its size, its bytes, a hash of them, and at most 1,000 elements spread over it."""
    a = np.ascontiguousarray(value)
    flat = a.reshape(-1)
    step = max(1, a.size // 1000)
    return {
        "size": a.size,
        "nbytes": a.nbytes,
        "hash": hashlib.sha1(a.view(np.uint8).data if a.ndim else a.tobytes()).hexdigest(),
        "sample": [float(v) for v in flat[::step][:1000]],
    }


def answer(request, names):
    if "about" in request:
        return about()
    if "new" in request:
        names.clear()
        names.update(np=np, n=request["new"])
        return {}
    if "run" in request:
        exec(request["run"], names)
        return {}
    if "value" in request:
        return describe(eval(request["value"], names))
    timer, loops = timeit.Timer(request["time"], globals=names), request["loops"]
    if loops > 1:  # one run before the clock starts: the other side has just had the caches
        timer.timeit(1)
    return {"seconds": timer.timeit(loops)}


def main():
    names = {}
    for line in sys.stdin:
        try:
            reply = answer(json.loads(line), names)
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply).replace("NaN", "null").replace("Infinity", "null"), flush=True)


main()
