"""Judges single calls at the edges (test/fuzz/edges.ts) by NumPy: a call and its result a line, one answer a line."""
import base64
import json
import re
import sys
import warnings

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

warnings.filterwarnings("ignore")
np.seterr(all="ignore")


def python(x):
    """An argument as Python's."""
    if isinstance(x, dict):
        (kind, value), = x.items()
        if kind == "a":
            dtype, shape, data = value
            return np.frombuffer(base64.b64decode(data), dtype=dtype).reshape(shape).copy()
        if kind == "l":
            return [python(v) for v in value]
        if kind == "t":
            return tuple(python(v) for v in value)
        if kind == "e":
            return ...
        if kind == "slice":
            return slice(*value)
        if kind == "o":
            return {k: python(v) for k, v in value.items()}
        word, *texts = value
        if word == "int":
            return int(texts[0])
        if word == "bool":
            return texts[0] == "1"
        if word == "complex":
            return complex(float(texts[0]), float(texts[1]))
        return float(texts[0])
    return x


def snake(key):
    return re.sub(r"[A-Z]", lambda m: "_" + m.group().lower(), key)


def cast(x, dtype, **options):
    """Floats saturate here at the ends of an integer's range, and NaN is 0: a difference that README names."""
    x, dtype = np.asarray(x), np.dtype(dtype)
    if dtype == np.float16 and x.dtype.kind == "f" and options.get("casting") == "same_value":
        # NumPy refuses infinities of float32.
        half = x.astype(dtype)
        if not np.all((half == x) | np.isnan(x)):
            raise ValueError("could not cast 'same_value'")
        return half
    if x.dtype == np.float16 and dtype.kind in "iu" and options.get("casting") == "same_value":
        x = x + np.float16(0)  # NumPy refuses -0 of this dtype alone
    if x.dtype.kind in "fc" and dtype.kind in "iu" and options.get("casting", "unsafe") == "unsafe":
        info, real = np.iinfo(dtype), np.nan_to_num(x.real.astype(np.float64), nan=0.0, posinf=np.inf, neginf=-np.inf)
        low, high = real <= float(info.min), real >= float(info.max)
        whole = np.where(low | high, 0, real).astype(dtype)
        return np.where(low, info.min, np.where(high, info.max, whole)).astype(dtype)
    return x.astype(dtype, **options)


def write(a, *index_and_value):
    """An array of one element may be written to one element here, as NumPy takes it where the index is a slice."""
    index, value = index_and_value[:-1], index_and_value[-1]
    if isinstance(value, np.ndarray) and value.size == 1 and len(index) == a.ndim and all(type(i) is int for i in index):
        value = value.reshape(())
    if isinstance(value, np.ndarray) and len(index) == 1 and isinstance(index[0], np.ndarray) and index[0].shape == ():
        # NumPy takes axes of length 1 in front for every index but such a mask.
        value = value.reshape([n for k, n in enumerate(value.shape) if n != 1 or k == value.ndim - 1])
    a[index] = value


def repeat(a, repeats, axis=None):
    """NumPy does not look at the counts where there is nothing to repeat."""
    if np.any(np.asarray(repeats) < 0):
        raise ValueError("repeats may not contain negative values.")
    return np.repeat(a, repeats, axis)


def needless(values, ndim):
    """Whether values have axes that broadcast to no more than `ndim`."""
    return any(n != 1 for n in np.shape(values)[: max(np.ndim(values) - ndim, 0)])


def insert(a, at, values, axis=None):
    """NumPy writes values of some shapes without elements to no places, and refuses others."""
    result = np.insert(a, at, values, axis)
    if np.size(at) == np.size(values) == 0 and needless(values, 1 if axis is None else np.ndim(a)):
        raise ValueError("shape mismatch")
    return result


def put_along_axis(a, at, values, axis):
    """As `insert`."""
    np.put_along_axis(a, at, values, axis)
    if np.size(at) == np.size(values) == 0 and needless(values, np.ndim(a)):
        raise ValueError("shape mismatch")


OWN = {
    "at": lambda a, *index: a[index],
    "set": write,
    "repeat": repeat,
    "insert": insert,
    "put_along_axis": put_along_axis,
    "astype": cast,
    "view": lambda a, dtype: a.view(dtype),
    "item": lambda a, *at: a.item(*at),
    "tolist": lambda a: a.tolist(),
    "toTypedArray": lambda a: a.ravel().tolist(),
    "flatten": lambda a: np.asarray(a).flatten(),
    "sliding_window_view": sliding_window_view,
    "can_cast": lambda a, *rest: np.can_cast(a.dtype if isinstance(a, np.ndarray) else a, *rest),
    "iinfo": lambda a: fields(np.iinfo(a.dtype if isinstance(a, np.ndarray) else a), ["bits", "min", "max", "kind"]),
    "finfo": lambda a: fields(
        np.finfo(a.dtype if isinstance(a, np.ndarray) else a),
        "bits eps epsneg iexp machep max maxexp min minexp negep nexp nmant precision resolution smallest_normal "
        "smallest_subnormal tiny".split(),
    ),
    "promote_types": lambda a, b: str(np.promote_types(a, b)),
    "round": lambda a, decimals=0: rounded(a, decimals),
    "around": lambda a, decimals=0: rounded(a, decimals),
    "linspace": lambda *ends, **options: spaced(*ends, **options),
    "unstack": lambda a, axis=0: np.unstack(a, axis=axis),
}


def rounded(a, decimals):
    """Integers round to the nearest that there is, half to even; NumPy lets them wrap around."""
    a = np.asarray(a)
    if a.dtype.kind not in "iu" or decimals >= 0:
        return np.round(a, decimals)
    if decimals < -20:
        return np.zeros_like(a)
    info, power = np.iinfo(a.dtype), 10**-decimals

    def one(n):
        if abs(int(n)) >= 2**53:
            # Computed in float64, as NumPy does.
            return min(max(int(np.rint(float(n) / power) * power), info.min), info.max)
        down, rest = divmod(int(n), power)
        up = rest * 2 > power or rest * 2 == power and down % 2
        return min(max((down + up) * power, info.min), info.max)

    return np.array([one(n) for n in a.ravel()], dtype=a.dtype).reshape(a.shape)


def spaced(*ends, dtype=None, **options):
    if dtype is not None and np.dtype(dtype).kind in "iu":
        return cast(np.floor(np.linspace(*ends, **options)), dtype)
    return np.linspace(*ends, dtype=dtype, **options)


COMPARISONS = {"less", "less_equal", "greater", "greater_equal", "equal", "not_equal"}


def weak(f, args):
    """A whole number beside floats only is a float: Python's integers end where C's do. -0 is whole beside integers."""
    kinds = {a.dtype.kind for a in args if isinstance(a, np.ndarray)}
    if f != "full_like" and kinds and (kinds <= {"f", "c"} or f in COMPARISONS and kinds == {"b"}) or f.startswith("logical"):
        return [float(a) if type(a) is int and abs(a) >= 2**63 else a for a in args]
    if kinds and not kinds & {"f", "c"} and f not in ("divide", "true_divide"):
        return [0 if type(a) is float and a == 0 and np.signbit(a) else a for a in args]
    return args


def fields(info, names):
    return {name: getattr(info, name) for name in names}


# Their indices and counts are int32 here.
INTP = {"argmax", "argmin", "nanargmax", "nanargmin", "nonzero", "flatnonzero", "argwhere", "count_nonzero", "argsort", "lexsort", "searchsorted", "bincount"}
# Which of two zeros is the larger is left open.
EITHER_ZERO = {"maximum", "minimum", "fmax", "fmin", "max", "min", "amax", "amin", "nanmax", "nanmin", "clip"}
SUMS = {"sum", "prod", "mean", "var", "std"}
MISSING = {f"nan{f}": f for f in SUMS}
# biome-like table: functions of the C library, each side below 1 ulp
LIBRARY = set(
    "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh exp exp2 expm1 log log2 log10 log1p arctan2 hypot "
    "logaddexp logaddexp2 power float_power cbrt asin acos atan asinh acosh atanh atan2 degrees radians deg2rad rad2deg "
    "linspace".split()
)
COMPLEX = LIBRARY | set("multiply divide true_divide square reciprocal sqrt absolute abs sign mean prod var std".split())
COMPLEX_ULPS = 64


def precision(f, theirs, args, options):
    """What the dtype resolves that a result was computed in, where it is not that of `out`."""
    dtypes = [theirs.dtype]
    if options.get("out") is not None:
        plain = {key: value for key, value in options.items() if key != "out"}
        dtypes.append(np.asarray(run(f, args, plain)).dtype)
    return max(float(np.finfo(dtype).eps) for dtype in dtypes if dtype.kind in "fc")


def largest(x):
    x = np.abs(np.asarray(x).astype(np.complex128))
    return float(np.max(x[np.isfinite(x)], initial=0))


def overflows(x):
    x = np.abs(np.asarray(x).astype(np.complex128))
    return float(np.sum(np.log(np.maximum(x[np.isfinite(x)], 1)))) > 80 or not np.isfinite(x).all()


def close(f, mine, theirs, args=(), options={}):
    """Where numbers are near enough."""
    form, f = f, MISSING.get(f, f)
    same = (mine == theirs) | ((mine != mine) & (theirs != theirs))
    kind = theirs.dtype.kind
    if f == "reciprocal" and args and np.asarray(args[0]).dtype.kind in "biu":
        # An integer divided by 0 is 0 here; C leaves it open.
        same |= (mine == 0) & (np.broadcast_to(args[0], theirs.shape) == 0)
    if kind not in "fc":
        return same
    if kind == "c" and f in COMPLEX | SUMS:
        # NumPy multiplies the error of an exponent by its size.
        eps = precision(form, theirs, args, options) * {"power": 2**22, "float_power": 2**22}.get(f, 1)
        with np.errstate(all="ignore"):
            if f == "exp2":
                size = np.abs(np.asarray(args[0]).astype(np.complex128))
                eps = np.broadcast_to(eps * np.maximum(1, np.where(np.isfinite(size), size, 1)), theirs.shape)
                # A whole turn is lost.
                same |= (eps > 0.1) & (np.abs(np.abs(mine) - np.abs(theirs)) <= 1e-3 * np.abs(theirs))
            near = np.abs(mine - theirs) <= COMPLEX_ULPS * eps * np.abs(theirs)
            # NumPy's logarithm of 1 + z loses what is small beside 1; its powers overflow on the way.
            near |= (f == "log1p") & (np.abs(mine - theirs) <= 4 * eps)
            if f in ("power", "float_power"):
                # Of what is not finite, each C library makes what it likes.
                operands = [np.asarray(x).astype(np.complex128) for x in args]
                near |= ~np.isfinite(theirs) | ~np.broadcast_to(np.isfinite(operands[0]) & np.isfinite(operands[1]), theirs.shape)
            # In which order factors overflow on the way to what does not.
            if f == "prod":
                sizes = np.abs(np.append(args[0], options.get("initial", 1)).astype(np.complex128))
                # On the way lies what is too small to be exact, or too large to be a number.
                near |= bool(np.any((sizes > 1e100) | (sizes > 0) & (sizes < 1e-30)))
            if f in ("reciprocal", "divide", "true_divide"):
                near |= np.abs(mine - theirs) <= 2 * float(np.finfo(theirs.dtype).tiny)
            near |= (f == "prod") & (np.isfinite(theirs) != np.isfinite(mine)) & overflows(np.append(args[0], options.get("initial", 1)))
        # Which part is infinite or NaN is left open by the C standard for many functions.
        return same | near | (~np.isfinite(mine) & ~np.isfinite(theirs))
    if f in ("var", "std"):
        same |= ~np.isfinite(mine) & ~np.isfinite(theirs)
    if f in LIBRARY | SUMS or kind == "f" and f in {"abs", "absolute"}:
        ulps = 2 if f in LIBRARY else 4
        bound = np.zeros(theirs.shape)
        if f.startswith("logaddexp"):
            # Near 0 such a logarithm is a difference of what its operands are as large as.
            bound = 4 * precision(form, theirs, args, options) * np.maximum(*(np.abs(np.asarray(x).astype(float)) for x in args))
        elif f in ("mean", "sum"):
            # As far from 0 as its terms, whichever comes first.
            bound = 8 * precision(form, theirs, args, options) * largest(args[0])
        elif options.get("out") is not None:
            bound = 4 * precision(form, theirs, args, options) * np.abs(theirs)
        same |= np.abs(mine.astype(float) - theirs.astype(float)) <= bound
        if f == "prod":
            # What is rounded below the smallest number is as far off as the other factors are large.
            large = np.abs(np.asarray(args[0]).astype(float))
            factors = np.append(large[np.isfinite(large)], abs(options.get("initial", 1)))
            bound = 4 * float(np.finfo(theirs.dtype).smallest_subnormal) * np.prod(np.maximum(factors, 1))
            same |= np.abs(mine.astype(float) - theirs.astype(float)) <= bound
        same |= (f == "prod") & (np.isfinite(theirs) != np.isfinite(mine)) & overflows(np.append(args[0], options.get("initial", 1)))
        if f in ("var", "std") and theirs.dtype == np.float16:
            # NumPy squares in float16.
            same |= np.isposinf(theirs) & np.isfinite(mine)
        width = {2: np.int16, 4: np.int32, 8: np.int64}[theirs.dtype.itemsize]
        a, b = (np.ascontiguousarray(v).view(width).astype(object) for v in (np.atleast_1d(mine), np.atleast_1d(theirs)))
        lowest = int(np.iinfo(width).min)
        a, b = (np.where(v < 0, lowest - v, v) for v in (a, b))
        near = (np.abs(a - b) <= ulps).astype(bool).reshape(mine.shape)
        return same | (near & np.isfinite(mine) & np.isfinite(theirs))
    return same


def differs(ours, theirs, f, args=(), options={}):
    if isinstance(theirs, (tuple, list)) and not isinstance(theirs, np.ndarray):
        if not isinstance(ours, dict) or "l" not in ours:
            return f"here {str(ours)[:200]}, NumPy {theirs}"
        if len(ours["l"]) != len(theirs):
            return f"here {len(ours['l'])} items, NumPy {len(theirs)}"
        return next((d for a, b in zip(ours["l"], theirs) if (d := differs(a, b, f))), None)
    if isinstance(theirs, dict):
        mine = ours.get("o", {})
        for key, value in theirs.items():
            name = re.sub(r"_(.)", lambda m: m.group(1).upper(), key)
            if name not in mine:
                return f"no field {name}"
            difference = differs(mine[name], value, f)
            if difference:
                return f"{name}: {difference}"
        return None
    if theirs is None or isinstance(theirs, str):
        return None if ours == theirs else f"here {ours}, NumPy {theirs}"
    mine = python(ours)
    number = not isinstance(mine, np.ndarray)
    theirs = np.asarray(theirs)
    if theirs.dtype == object:
        return f"here {ours}, NumPy objects"
    if number:
        if theirs.ndim:
            return f"here the value {mine}, NumPy shape {theirs.shape}"
        kind = theirs.dtype.kind
        wide = theirs.dtype.itemsize == 8 and kind in "iu"
        right = {"b": (bool,), "i": (int,), "u": (int,), "f": (float,), "c": (complex,)}[kind]
        counted = f in INTP or f in {"sum", "iinfo", "finfo", "toTypedArray", "tolist", "item"} or (kind in "iu" and not wide)
        if not isinstance(mine, right) and not (counted and isinstance(mine, (float, int))):
            return f"here {mine!r}, NumPy {theirs!r}"
        if kind in "iu":
            # The sum of bools is a number.
            return None if mine == (float(theirs) if isinstance(mine, float) else int(theirs)) else f"here {mine!r}, NumPy {theirs!r}"
        mine = np.asarray(mine, dtype=theirs.dtype)
    if mine.shape != theirs.shape:
        return f"shape {mine.shape}, NumPy {theirs.shape}"
    if mine.dtype != theirs.dtype and not (f in INTP and mine.dtype == np.int32 and theirs.dtype == np.int64):
        return f"{mine.dtype}, NumPy {theirs.dtype}"
    good = np.asarray(close(f, mine, theirs, args, options))
    if good.all():
        if theirs.dtype.kind == "f" and MISSING.get(f, f) not in LIBRARY | SUMS | EITHER_ZERO:
            bad = (theirs == 0) & (np.signbit(mine) != np.signbit(theirs))
            if np.any(bad):
                return "the sign of a zero"
        return None
    at = tuple(int(i) for i in np.argwhere(~good)[0]) if good.ndim else ()
    return f"{int((~good).sum())} of {good.size} elements: at {at} {mine[at]!r}, NumPy {theirs[at]!r}"


def run(f, args, options):
    function = OWN.get(f) or getattr(np, f)
    out, initial = options.get("out"), options.get("initial")
    if type(initial) is int and out is not None and out.dtype.kind in "iu" and initial != np.array(initial).astype(out.dtype):
        raise OverflowError("NumPy lets it wrap around")
    if isinstance(function, np.ufunc) and options.get("casting") == "unsafe" and out is not None and out.dtype.kind in "iu":
        # NumPy decides whether it is a call; what becomes of floats outside an integer's range is `cast`'s.
        function(*args, **{**options, "out": out.copy()})
        plain = function(*args, **{**options, "out": None})
        np.copyto(out, cast(plain, out.dtype), where=options.get("where", True))
        return out
    return function(*args, **{snake(k): v for k, v in options.items()})


SIGNED = set("copysign arctan2 atan2 heaviside nextafter float_power".split())


def judge(call):
    f = call["f"]
    if f in SIGNED and {"s": ["float", "-0"]} in call["args"]:
        # -0 is whole beside integers, and keeps its sign: no value of Python's is both.
        return None
    try:
        args = weak(f, [python(x) for x in call["args"]])
        options = {k: python(v) for k, v in call["options"].items()}
        result, error = run(f, args, options), None
        if isinstance(result, np.ndarray) and result.dtype == object:
            result, error = None, "TypeError: objects"
        if call["writes"]:
            result = args[0]
    except Exception as raised:  # noqa: BLE001
        result, error = None, f"{type(raised).__name__}: {raised}"
    if (error is None) != (call.get("error") is None):
        return f"here {call.get('error') or str(python(call['result']))[:200]}, NumPy {error or str(result)[:200]}"
    if error is not None:
        return differs(call["result"], python(call["args"][0]), "set") if call["writes"] else None
    difference = differs(call["result"], result, f, args, options)
    return difference and f"{difference}\n   here {str(python(call['result']))[:300]}\n  NumPy {str(result)[:300]}"


print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps(judge(json.loads(line))), flush=True)
