"""What ufuncs and casts answer: values, dtypes, refusals."""
import math

import numpy as np

from oracle_inputs import DTYPES, GRID, N, ask, b64, stored

UNARY = (
    "negative positive absolute fabs sign signbit sqrt cbrt square reciprocal exp exp2 expm1 log log2 log10 log1p "
    "sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh degrees radians "
    "floor ceil trunc rint spacing invert bitwise_count logical_not isnan isinf isfinite conjugate"
).split()

BINARY = (
    "add subtract multiply divide floor_divide remainder fmod power float_power maximum minimum fmax fmin "
    "arctan2 hypot copysign nextafter logaddexp logaddexp2 heaviside gcd lcm "
    "bitwise_and bitwise_or bitwise_xor left_shift right_shift logical_and logical_or logical_xor "
    "equal not_equal less less_equal greater greater_equal"
).split()

# Ufuncs of two results, and the pools of their operands.
SEVERAL = {"divmod": "xy", "modf": "u", "frexp": "u"}

# Values for every pair of dtypes are stored for these; of the others only the dtypes are.
MIXED = "add multiply divide floor_divide power maximum copysign less equal".split()


def saturating(a, dtype):
    """astype, but a float outside an integer's range goes to its end and NaN to 0, as NumPy does on ARM."""
    d = np.dtype(dtype)
    if a.dtype.kind not in "fc" or d.kind not in "iu":
        return a.astype(d)
    info = np.iinfo(d)

    def one(v):
        if math.isnan(v):
            return 0
        return (info.min if v < 0 else info.max) if math.isinf(v) else min(max(int(v), info.min), info.max)

    return np.array([one(float(v)) for v in a.real], d)


def into_out(op, x, dtype):
    """op(x, x) into an array of another dtype."""
    out = np.zeros(x.shape, dtype)
    answer = ask(getattr(np, op), x, x, out=out)
    return answer if isinstance(answer, dict) else b64(out)


def casting(p):
    values, exact = {}, {}
    for source in DTYPES:
        values[source] = {target: b64(saturating(p[source]["u"], target)) for target in DTYPES}
        exact[source] = "".join(
            "01"[not isinstance(ask(p[source]["t"].astype, target, casting="same_value"), dict)] for target in DTYPES)
    kinds = "no equiv safe same_kind unsafe".split()
    can = {k: ["".join("01"[np.can_cast(a, b, k)] for b in DTYPES) for a in DTYPES] for k in kinds}
    refused = [[a, b, k, ask(small(a).astype, b, casting=k)] for k in kinds for a in ("complex64", "float64", "int64", "uint8")
               for b in ("int8", "float32", "bool") if not np.can_cast(a, b, k)]
    into = {op: {a: {b: into_out(op, p[a]["short"], b) for b in DTYPES} for a in DTYPES
                 # complex64 quotients are exact to complex64 only, whatever they go into
                 if op != "divide" or a != "complex64"} for op in ("add", "divide", "less")}
    return {"values": values, "into": into, "broadcast": [broadcast(*shapes) for shapes in BROADCASTS], "can_cast": can, "same_value": exact, "refused": refused}


def small(dtype):
    """One of each dtype, for questions about dtypes."""
    return np.ones(1, dtype)


# (x, y, out): shapes that go together, and some that do not.
BROADCASTS = [
    ((2, 3), (3,), None), ((2, 3), (2, 1), None), ((3, 1), (1, 4), None), ((), (2, 2), None), ((1,), (0,), None), ((0, 3), (1, 3), None),
    ((2, 1, 4), (3, 1), None), ((5, 1, 1), (1, 4), None), ((2, 3), (4,), None), ((2, 3), (2,), None), ((0,), (2,), None), ((2, 3), (3, 2), None),
    ((2, 3), (3,), (2, 3)), ((3,), (3,), (2, 3)), ((2, 3), (3,), (3,)), ((2, 3), (2, 3), (3, 2)), ((3,), (3,), (1, 3)), ((1,), (1,), (3,)),
    ((3,), (3,), (3, 1)), ((), (), (2,)), ((2, 3), (2, 3), (2, 2, 3)), ((3,), (3,), ()), ((1, 3), (1, 3), (3,)),
]


def broadcast(x, y, out):
    answer = ask(np.add, np.ones(x), np.ones(y), **({} if out is None else {"out": np.zeros(out)}))
    return [x, y, out, answer if isinstance(answer, dict) else list(np.shape(answer))]


def code(answer):
    return -1 if isinstance(answer, dict) else DTYPES.index(np.asarray(answer).dtype.name)


def letters(answers):
    """Dtypes as letters, a for bool and so on; ! where NumPy refuses."""
    return "".join("!" if c < 0 else chr(97 + c) for c in map(code, answers))


WEAK = {"int": 2, "float": 0.5, "bool": True, "complex": 2j}


def types():
    tables = {"promote": {a: letters(np.empty(0, np.result_type(a, b)) for b in DTYPES) for a in DTYPES}}
    tables["promote_three"] = {a: [letters(np.empty(0, np.result_type(a, b, c)) for c in DTYPES) for b in DTYPES] for a in DTYPES}
    tables["unary"] = {op: letters(ask(getattr(np, op), small(d)) for d in DTYPES) for op in UNARY}
    tables["binary"] = {op: [letters(ask(getattr(np, op), small(a), small(b)) for b in DTYPES) for a in DTYPES] for op in BINARY}
    for side in ("right", "left"):
        tables[f"weak_{side}"] = {
            op: {kind: letters(ask(getattr(np, op), *((small(d), w) if side == "right" else (w, small(d)))) for d in DTYPES)
                 for kind, w in WEAK.items()} for op in BINARY}
    tables["where"] = {kind: letters(ask(np.where, [True], small(d), w) for d in DTYPES) for kind, w in WEAK.items()}
    tables["clip"] = {kind: letters(ask(np.clip, small(d), w, w) for d in DTYPES) for kind, w in WEAK.items() if kind != "complex"}
    tables["clip_pair"] = {a: letters(ask(np.clip, small(a), small(b), small(b)) for b in DTYPES) for a in DTYPES}
    bounds = [-1, 127, 128, 255, 256, -129, 1 << 31, 1 << 32, (1 << 53) - 1, 1 << 63, (1 << 64) - 1, 1 << 64]
    tables["bounds"] = [
        [op, d, str(v), answer if isinstance(answer, dict) else stored(answer)]
        for op in ("add", "less", "equal", "bitwise_and") for d in DTYPES[:-2] for v in bounds
        if not (op == "bitwise_and" and d.startswith("float"))
        for answer in [ask(getattr(np, op), small(d), v)]
        # NumPy compares every dtype with every integer, only bool not with those beyond int64.
        if not (d == "bool" and op in ("less", "equal") and isinstance(answer, dict))]
    return tables


def ufuncs(p):
    def row(op, *names):
        answers = {}
        for d in DTYPES:
            answer = ask(getattr(np, op), *(p[d][n] for n in names))
            if op == "reciprocal" and np.dtype(d).kind in "iu":
                answer[p[d]["u"] == 0] = 0  # C leaves it open; division of integers by 0 gives 0 as well
            answers[d] = answer if isinstance(answer, dict) else stored(answer)
        return answers

    def several(op, names):
        answers = {d: ask(getattr(np, op), *(p[d][n] for n in names)) for d in DTYPES}
        return {d: a if isinstance(a, dict) else [stored(x) for x in a] for d, a in answers.items()}

    def scaled(d):
        answer = ask(np.ldexp, p[d]["x"], (np.arange(N) % GRID * 173 % 2200 - 1100).astype(np.int32))
        return answer if isinstance(answer, dict) else stored(answer)

    def two(op):
        return ("b", "e") if op in ("power", "float_power") else ("x", "y")

    def pair(op, a, b):
        x, y = ("base", "exponent") if op == "power" else ("short", "reversed")
        answer = ask(getattr(np, op), p[a][x], p[b][y])
        return answer if isinstance(answer, dict) else stored(answer)

    options = {"nan": 1, "posinf": 2, "neginf": -3}
    other = {
        "clip": {d: stored(np.clip(p[d]["x"], p[d]["y"], p[d]["x"][::-1])) for d in DTYPES if d != "bool"},
        "where": {d: stored(np.where(p[d]["t"].astype(bool) & (np.arange(N) % 3 > 0), p[d]["x"], p[d]["y"])) for d in DTYPES},
        "nan_to_num": {d: stored(np.nan_to_num(p[d]["u"])) for d in DTYPES},
        "nan_to_num_filled": {d: stored(np.nan_to_num(p[d]["u"], **options)) for d in DTYPES},
    }
    return {
        "unary": {op: row(op, "u") for op in UNARY},
        "binary": {op: row(op, *two(op)) for op in BINARY},
        "mixed": {op: {a: {b: pair(op, a, b) for b in DTYPES} for a in DTYPES} for op in MIXED},
        "several": {op: several(op, names) for op, names in SEVERAL.items()},
        "scaled": {"ldexp": {d: scaled(d) for d in DTYPES}},
        "other": other,
    }
