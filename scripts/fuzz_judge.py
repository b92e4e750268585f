"""Judges the random programs of test/fuzz/programs.ts by NumPy. A program is a line of JSON and the bytes that it speaks of;
its answer is a line: null, or what differs."""
import json
import re
import sys
import warnings

import fuzz_compare as compare
import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

warnings.filterwarnings("ignore")
np.seterr(all="ignore")

ELLIPSIS = "..."
TESTS = {"isnan", "isinf", "isfinite", "signbit"}


class Open(Exception):
    """NumPy's own answer depends on its buffers: what was written here is taken as it is."""


def snake(name):
    if name in ("atleast2d",):
        return "atleast_2d"
    return re.sub(r"[A-Z]", lambda m: "_" + m.group().lower(), name)


def listed(x):
    """Lists as NumPy takes axes and shapes."""
    return tuple(x) if isinstance(x, list) else x


def overlaps_itself(a):
    """Whether elements lie on one another, as src/array/overlap.ts tells."""
    reach = a.itemsize
    for step, length in sorted((abs(s), n) for s, n in zip(a.strides, a.shape) if n != 1):
        if step < reach:
            return a.size > 1
        reach += step * (length - 1)
    return False


def cast(x, dtype):
    """Floats saturate here at the ends of an integer's range, and NaN is 0: a difference that README names."""
    x, dtype = np.asarray(x), np.dtype(dtype)
    if x.dtype.kind in "fc" and dtype.kind in "iu":
        info, real = np.iinfo(dtype), np.nan_to_num(x.real.astype(np.float64), nan=0.0, posinf=np.inf, neginf=-np.inf)
        low, high = real <= float(info.min), real >= float(info.max)
        whole = np.where(low | high, 0, real).astype(dtype)
        return np.where(low, info.min, np.where(high, info.max, whole)).astype(dtype)
    return x.astype(dtype)


def view_of(bases, x):
    base = bases[x["base"]]
    strides = [s * base.itemsize for s in x["strides"]]
    if 0 in x["shape"]:
        return as_strided(base[:1], x["shape"], strides)
    return as_strided(base[x["offset"]:], x["shape"], strides)


def packed(args):
    return [x.copy() if isinstance(x, np.ndarray) else x for x in args]


def reciprocal(x, out=None, where=True, **options):
    """An integer divided by 0 is 0 here; C leaves it open."""
    if x.dtype.kind not in "iu":
        return np.reciprocal(x, out=out, where=where, **options)
    plain = np.reciprocal(np.where(x == 0, x.dtype.type(2), x), **options)
    return plain if out is None else np.positive(plain, out=out, where=where, casting=options.get("casting", "same_kind"))


def two_results(function):
    """Both results as a list; the first alone where it is written into an `out`, which is then the only one given."""
    def both(*args, out=None, **options):
        if out is None or isinstance(out, list):
            return list(function(*args, **options) if out is None else function(*args, out=tuple(out), **options))
        return function(*args, out=(out, None), **options)[0]

    return both


def ufunc(step, args, out, where):
    name = step["f"]
    function, options = getattr(np, snake(name)) if name != "reciprocal" else reciprocal, {}
    if isinstance(function, np.ufunc) and function.nout == 2:
        function = two_results(function)
    for key, value in (step.get("options") or {}).items():
        options[key] = value
    if name == "ldexp" and isinstance(args[0], int):
        args = [float(args[0]), *args[1:]]  # a number there is a float, as README says
    if out is None:
        if where is None:
            return function(*args, **options)
        # What is left out is 0 here.
        plain = function(*args, where=where, **options)
        if isinstance(plain, list):
            return function(*args, out=[np.zeros(x.shape, x.dtype) for x in plain], where=where, **options)
        result = np.zeros(plain.shape, plain.dtype)
        return function(*args, out=result, where=where, **options)
    if where is not None:
        options["where"] = where
    lossy = np.dtype(options.get("dtype", "f8")).kind in "iu" and any(np.asarray(x).dtype.kind in "fc" for x in args)
    if lossy:
        # Errors first; then the casts to integers as they are here.
        function(*packed(args), out=out.copy(), **options)
        args = [cast(x, options["dtype"]) if np.asarray(x).dtype.kind in "fc" else x for x in args]
    # Where 'where' is false, it holds anything.
    plain = function(*packed(args), **{key: options[key] for key in ("dtype", "casting", "where") if key in options})
    plain = plain[0] if isinstance(plain, list) else plain
    compare.computed = plain.dtype
    if name.startswith("logaddexp"):
        # Near 0 such a logarithm is a difference of what its operands are as large as.
        compare.scale = max((float(np.max(np.abs(x[np.isfinite(x)]), initial=0)) for x in map(np.asarray, args)), default=0.0)
    lossy |= plain.dtype.kind in "fc" and out.dtype.kind in "iu"
    on_itself = overlaps_itself(out)
    if name in TESTS or lossy or (name == "reciprocal" and on_itself):
        # NumPy 2.4's own vector loops for tests of float32 and float64 are wrong where 'out' is not packed (numpy 2.4.6:
        # signbit(x, out=zeros(200, bool)[::2]) differs from signbit(x)); and a lossy cast is judged as 'cast' does it.
        if "where" in options:
            options["where"] = where = where.copy()
        function(*packed(args), out=out.copy(), **options)
        if on_itself:
            raise Open
        np.copyto(out, cast(plain, out.dtype), where=True if where is None else where)
        return None
    if where is not None and plain.dtype != out.dtype:
        # NumPy casts what it keeps of 'out' to the result's dtype and back, where 'out' overlaps an operand or itself.
        if on_itself:
            function(*packed(args), out=out.copy(), **{**options, "where": where.copy()})
            raise Open
        if any(np.may_share_memory(out, x) for x in [*args, where] if isinstance(x, np.ndarray)):
            kept = out.copy()
            function(*args, **{**options, "out": kept})
            out[...] = kept
            return None
    if on_itself and any(x.dtype != out.dtype for x in [plain, *args] if isinstance(x, np.ndarray)):
        # Into an 'out' that overlaps itself NumPy writes what it casts in an order that depends on its buffers: with numpy
        # 2.4.6 add(int32[::-1], int64, out=<float64 of step 0>) leaves the last of 3 or 100 values, and the first of 9,000.
        function(*packed(args), out=out.copy(), **options)
        raise Open
    function(*args, out=out, **options)
    return None


def fold(step, args, out, where):
    (x,), f, axis, options = args, step["f"], listed(step["axis"]), dict(step.get("options") or {})
    if f == "countNonzero":
        if where is not None:
            x = (x != 0) & where
        return np.count_nonzero(x, axis, **options)
    if "dtype" in options and x.dtype.kind in "fc" and np.dtype(options["dtype"]).kind in "iu":
        x = cast(x, options["dtype"])
    if where is not None:
        options["where"] = where
    if out is not None:
        # NumPy reads what it has written before where 'out' is part of what it reads or 'where'.
        result = getattr(np, f)(x, axis=axis, out=out.copy(), **options)
        out[...] = result
        return None
    return getattr(np, f)(x, axis=axis, **options)


def lazy(step, args, out, where, read):
    def made(tree):
        if "operand" in tree:
            return read(tree["operand"])
        return getattr(np, snake(tree["f"]))(*[made(x) for x in tree["args"]])

    result = made(step["more"][0])
    if out is None:
        return result
    if not np.can_cast(result.dtype, out.dtype, "same_kind"):
        raise TypeError("same_kind")
    if np.broadcast_shapes(result.shape, out.shape) != out.shape or result.shape != out.shape:
        raise ValueError("shape")
    if overlaps_itself(out):
        raise Open
    out[...] = result
    return None


def arrange(step, args, out, where):
    f, x, more = step["f"], args[0], step["more"]
    if f == "slidingWindowView":
        return sliding_window_view(x, *more)
    if f == "unstack":
        return list(np.unstack(x, axis=more[0]))
    if f == "flatten":
        return x.flatten()
    if f in ("delete", "repeat"):
        more = [np.array(more[0], dtype=np.int64) if isinstance(more[0], list) else more[0], more[1]]
    elif f != "arraySplit":
        more = [listed(m) for m in more]
    result = getattr(np, snake(f))(x, *more)
    return list(result) if isinstance(result, tuple) else result


def join(step, args, out, where):
    f, options = step["f"], dict(step.get("options") or {})
    if f == "append":
        return np.append(args[0], args[1], axis=step["axis"])
    if f == "insert":
        at = step["more"][0]
        value = args[1] if not isinstance(args[1], np.ndarray) else cast(args[1], args[0].dtype)
        return np.insert(args[0], np.array(at, dtype=np.int64) if isinstance(at, list) else at, value, axis=step["axis"])
    if "axis" in step:
        options["axis"] = step["axis"]
    function = getattr(np, f)
    lossy = options.get("casting") == "unsafe" and (out is not None or "dtype" in options)
    if lossy:
        # Casts to integers as they are here; errors first.
        dtype = out.dtype if out is not None else np.dtype(options["dtype"])
        if out is not None:
            function(packed(args), out=out.copy(), **options)
        plain = function([cast(x, dtype) for x in args], **({"axis": step["axis"]} if "axis" in step else {}))
        if out is None:
            return plain
        out[...] = plain
        return None
    if out is not None:
        # What is read is read as it was.
        function(packed(args), out=out, **options)
        return None
    return function(args, **options)


def items(index):
    def item(i):
        if isinstance(i, dict):
            return slice(*i["cut"])
        if isinstance(i, list):
            return np.array(i, dtype=bool if i and isinstance(i[0], bool) else np.int64)
        return Ellipsis if i == ELLIPSIS else i

    return tuple(item(i) for i in index)


def choose(step, args, out, where):
    f, x, more, axis = step["f"], args[0], step.get("more"), step.get("axis")
    if f == "take":
        indices, mode = np.array(more[0], dtype=np.int64), step["options"]["mode"]
        if mode == "wrap" and (x.size if axis is None else x.shape[axis]) == 0:
            # NumPy 2.4.6 subtracts the length 0 from an index until it is in range: it never ends.
            mode = "clip"
        if out is None:
            return np.take(x, indices, axis=axis, mode=mode)
        if out.dtype != x.dtype:
            raise TypeError("'out' of another dtype is refused here")
        result = np.take(x, indices, axis=axis, mode=mode)
        if result.shape != out.shape:
            raise ValueError("output array does not match result of ndarray.take")
        out[...] = result
        return None
    if f == "at":
        return x[items(more)]
    if f == "atMask":
        return x[where]
    if f == "compress":
        return np.compress(where, x, axis=axis)
    if f == "extract":
        return np.extract(where, x)
    if f == "astype":
        return cast(x, more[0])
    if f == "twice":
        return cast(cast(x, more[0]), more[1])
    if f == "round" and more[0] < 0 and x.dtype.kind in "iu":
        # Integers saturate here, as floats do in every cast.
        return cast(np.round(x.astype(np.float64), more[0]), x.dtype)
    result = getattr(np, f)(*args, *(more or []))
    return list(result) if isinstance(result, tuple) else result


def write(step, args, out, where):
    f, to, value = step["f"], args[0], args[1] if len(args) > 1 else None
    if isinstance(value, np.ndarray) and f not in ("putMask", "place"):
        # NumPy itself reads one axis while it writes it.
        value = cast(value, to.dtype) if value.dtype != to.dtype else value.copy() if to.ndim == 1 else value
    if where is not None:
        # NumPy reads a mask that is part of the target while it writes; here masks are read as they were.
        where = where.copy()
    if f == "copyto":
        np.copyto(to, value, casting="unsafe", where=True if where is None else where)
    elif f == "set":
        to[...] = value
    elif f == "setAt":
        to[items(step["more"])] = value if not isinstance(value, np.ndarray) else value.copy()
    elif f == "putMask":
        to[where] = value
    elif f == "place":
        np.place(to, where, value.copy())
    elif f == "put":
        value = value.copy() if isinstance(value, np.ndarray) else value
        np.put(to, np.array(step["more"][0], dtype=np.int64), value, mode=step["options"]["mode"])
    else:
        np.nan_to_num(to, copy=False, nan=1, posinf=2, neginf=3)


KINDS = {"ufunc": ufunc, "fold": fold, "arrange": arrange, "join": join, "choose": choose, "write": write}


def run(bases, step):
    def read(x):
        return view_of(bases, x) if isinstance(x, dict) else x

    compare.computed, compare.scale = None, 0.0
    args = [read(x) for x in step["args"]]
    out = None if step.get("out") is None else view_of(bases, step["out"])
    where = None if step.get("where") is None else read(step["where"])
    if step["kind"] == "lazy":
        return args, lazy(step, args, out, where, read)
    # How the operands are before the step: what a sum may be off by depends on them.
    kept = packed(args) if step["kind"] == "fold" and out is not None else args
    return (kept, where), KINDS[step["kind"]](step, args, out, where)


def judge(program, data):
    def array(sent):
        raw = np.frombuffer(data, np.uint8, sent["length"], sent["at"])
        return raw.view(sent["dtype"]).reshape(sent["shape"])

    bases = []
    for sent in program["bases"]:
        base = array(sent)
        # NumPy leaves open what other bytes than 0 and 1 mean; here any byte but 0 is true.
        bases.append(base.view(np.uint8) != 0 if base.dtype == np.bool_ else base.copy())
    for number, (step, ours) in enumerate(zip(program["steps"], program["results"])):
        name, operands, opened = f"step {number} {step['f']}", None, False
        into = (step.get("out") or (step["args"][0] if step["kind"] == "write" else None) or {}).get("base")
        before = None if into is None else bases[into].copy()
        try:
            (operands, result), error = run(bases, step), None
        except Open:
            result, error, opened = None, None, True
        except Exception as raised:  # noqa: BLE001
            result, error = None, f"{type(raised).__name__}: {raised}"
        if (error is None) != (ours["error"] is None):
            return f"{name}: here {ours['error'] or 'a result'}, NumPy {error or 'a result'}"
        if error is not None:
            # NumPy may have written before it raised.
            if into is not None:
                bases[into][...] = before
            continue
        # What went into a buffer is compared there.
        if ours["base"] is None:
            theirs = result if isinstance(result, list) else [result]
            if len(theirs) != len(ours["arrays"]):
                return f"{name}: {len(ours['arrays'])} arrays, NumPy {len(theirs)}"
            for mine, his in zip(ours["arrays"], theirs):
                difference = compare.differs(array(mine), his, step, operands)
                if difference:
                    return f"{name}: {difference}"
            continue
        k, sent = ours["base"]
        mine, base = array(sent), bases[k]
        if step["kind"] == "fold":
            out = {**step["out"], "base": 0}
            compare.absorb(view_of([mine], out), view_of([base], out), step, operands)
        if opened:
            # In whatever order: nothing else is written.
            others = np.ones(base.shape, bool)
            view_of([others], {**step["out"], "base": 0})[...] = False
            difference = None if compare.same(mine, base)[others].all() else "what is no part of 'out' is different"
        else:
            difference = compare.differs(mine, base, step, operands)
        if difference:
            return f"{name} left buffer {k} different: {difference}"
        base[...] = mine.view(np.uint8) != 0 if base.dtype == np.bool_ else mine
    return None


def main():
    print("ready", flush=True)
    stdin = sys.stdin.buffer
    while line := stdin.readline():
        program = json.loads(line)
        print(json.dumps(judge(program, stdin.read(program["length"]))), flush=True)


main()
