"""Judges the random programs of test/fuzz/programs.ts by NumPy: one program and its results a line, one answer a line."""
import base64
import json
import re
import sys
import warnings

import numpy as np
from numpy.lib.stride_tricks import as_strided

warnings.filterwarnings("ignore")
np.seterr(all="ignore")

NAMES = {"logicalNot": "logical_not", "notEqual": "not_equal", "lessEqual": "less_equal", "greaterEqual": "greater_equal"}


def snake(name):
    return NAMES.get(name) or re.sub(r"[A-Z]", lambda m: "_" + m.group().lower(), name)


def cast(x, dtype):
    """Floats saturate here at the ends of an integer's range, and NaN is 0: a difference that README names."""
    x, dtype = np.asarray(x), np.dtype(dtype)
    if x.dtype.kind in "fc" and dtype.kind in "iu":
        info, real = np.iinfo(dtype), np.nan_to_num(x.real.astype(np.float64), nan=0.0, posinf=np.inf, neginf=-np.inf)
        low, high = real <= float(info.min), real >= float(info.max)
        whole = np.where(low | high, 0, real).astype(dtype)
        return np.where(low, info.min, np.where(high, info.max, whole)).astype(dtype)
    return x.astype(dtype)


def run(bases, step):
    def read(x):
        if not isinstance(x, dict):
            return x
        base = bases[x["base"]]
        size = base.itemsize
        if 0 in x["shape"]:
            return as_strided(base[:1], x["shape"], [s * size for s in x["strides"]])
        flat = base[x["offset"]:]
        return as_strided(flat, x["shape"], [s * size for s in x["strides"]])

    f, args = step["f"], [read(x) for x in step["args"]]
    where, axis = step.get("where"), step.get("axis")
    where = None if where is None else read(where)
    if f in ("copyto", "putMask"):
        # NumPy reads a mask that is part of the target while it writes; here masks are read as they were.
        where = where if where is None else where.copy()
    if isinstance(axis, list):
        axis = tuple(axis)
    if f in ("copyto", "set"):
        to, value = args
        if isinstance(value, np.ndarray):
            # NumPy itself reads one axis while it writes it.
            value = cast(value, to.dtype) if value.dtype != to.dtype else value.copy() if to.ndim == 1 else value
        if f == "set":
            to[...] = value
        else:
            np.copyto(to, value, casting="unsafe", where=True if where is None else where)
        return None
    if f == "putMask":
        args[0][where] = args[1]
        return None
    if f == "put":
        value = args[1]
        value = cast(value, args[0].dtype) if isinstance(value, np.ndarray) else value
        np.put(args[0], step["indices"], value, mode=step["mode"])
        return None
    if f == "nanToNum":
        np.nan_to_num(args[0], copy=False, nan=1, posinf=2, neginf=3)
        return None
    if f == "astype":
        return cast(args[0], step["dtype"])
    if f == "take":
        return np.take(args[0], np.array(step["indices"], dtype=np.int64), axis=axis, mode=step["mode"])
    if f in ("roll", "repeat"):
        return getattr(np, f)(args[0], step["indices"][0], axis=axis)
    if f == "concatenate":
        return np.concatenate(args, axis=axis)
    if f in ("compress", "atMask"):
        return args[0][where]
    if f == "nonzero":
        return list(np.nonzero(args[0]))
    if f == "where":
        return np.where(*args)
    options = {}
    if step.get("out") is not None:
        options["out"] = read(step["out"])
    if where is not None:
        options["where"] = where
    if axis is None and "axis" not in step:
        function = getattr(np, snake(f))
        if where is not None and "out" not in options:
            # What is left out is 0 here.
            plain = function(*args)
            options["out"] = np.zeros(np.broadcast_shapes(plain.shape, where.shape), plain.dtype)
        if where is not None and step.get("out") is not None:
            out, plain = options["out"], function(*args)
            if plain.dtype != out.dtype and any(np.may_share_memory(out, x) for x in [*args, where]):
                # NumPy casts what it keeps of 'out' to the result's dtype and back, where 'out' overlaps an operand.
                kept = out.copy()
                function(*args, out=kept, where=where)
                out[...] = kept
                return None
        return function(*args, **options)
    if step.get("keepdims"):
        options["keepdims"] = True
    if step.get("initial") is not None:
        options["initial"] = step["initial"]
    return getattr(np, snake(f))(args[0], axis=axis, **options)


def differs(ours, theirs, f):
    mine = np.frombuffer(base64.b64decode(ours["bytes"]), dtype=ours["dtype"]).reshape(ours["shape"])
    theirs = np.asarray(theirs)
    counts = f in ("argmax", "argmin", "nonzero", "countNonzero") or theirs.ndim == 0
    if mine.shape != theirs.shape:
        return f"shape {mine.shape}, NumPy {theirs.shape}"
    if mine.dtype != theirs.dtype and not counts:
        return f"{mine.dtype}, NumPy {theirs.dtype}"
    if theirs.dtype == np.bool_:
        theirs = theirs.view(np.uint8) != 0
        mine = mine.view(np.uint8) != 0 if mine.dtype == np.bool_ else mine != 0
    if np.array_equal(mine, theirs, equal_nan=theirs.dtype.kind in "fc"):
        return None
    bad = ~((mine == theirs) | ((mine != mine) & (theirs != theirs)))
    if f in ("divide", "square", "multiply", "sqrt", "sign", "mean", "absolute", "copysign"):
        # Products and quotients of complex numbers may be fused; a mean is a sum over a count.
        near = np.isclose(mine, theirs, rtol=8 * np.finfo(theirs.dtype).eps, atol=0) if theirs.dtype.kind in "fc" else ~bad
        bad &= ~near
        if theirs.dtype.kind == "c":
            bad &= ~(~np.isfinite(mine) & ~np.isfinite(theirs))
        if not bad.any():
            return None
    at = tuple(int(i) for i in np.argwhere(bad)[0]) if bad.ndim else ()
    return f"{int(bad.sum())} of {bad.size} elements: at {at} {mine[at]}, NumPy {theirs[at]}"


def judge(program):
    bases = []
    for base in program["bases"]:
        data = np.frombuffer(base64.b64decode(base["bytes"]), dtype=base["dtype"])
        # NumPy leaves open what other bytes than 0 and 1 mean; here any byte but 0 is true.
        bases.append(data.view(np.uint8) != 0 if data.dtype == np.bool_ else data.copy())
    for number, (step, ours) in enumerate(zip(program["steps"], program["results"])):
        try:
            result, error = run(bases, step), None
        except Exception as raised:  # noqa: BLE001
            result, error = None, f"{type(raised).__name__}: {raised}"
        if (error is None) != (ours["error"] is None):
            return f"step {number} {step['f']}: here {ours['error'] or 'a result'}, NumPy {error or 'a result'}"
        if error is not None:
            continue
        theirs = [] if result is None else result if isinstance(result, list) else [result]
        # What went into a buffer is compared there.
        for mine, his in zip(ours["arrays"], theirs):
            difference = differs(mine, his, step["f"])
            if difference:
                return f"step {number} {step['f']}: {difference}"
        for k, (mine, base) in enumerate(zip(ours["bases"], bases)):
            if mine is None:
                continue
            difference = differs(mine, base, step["f"])
            if difference:
                return f"step {number} {step['f']} left buffer {k} different: {difference}"
            if base.dtype != np.bool_:
                base[...] = np.frombuffer(base64.b64decode(mine["bytes"]), dtype=mine["dtype"])
    return None


for line in sys.stdin:
    print(json.dumps(judge(json.loads(line))), flush=True)
