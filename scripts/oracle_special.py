"""What sinc, i0, the windows, and the questions about dtypes and shapes answer."""
import numpy as np

from oracle_inputs import DTYPES, ask, b64

FLOATS = [-0.0, 0.0, 0.25, -0.5, 1.0, 1.5, -3.0, 7.999, 8.0, 8.001, 12.5, -40.0, 300.0, 720.0, 1e-9, 1e-300, np.inf, -np.inf, np.nan]
COMPLEXES = [0, 1, -0.5, 0.25 + 1j, 2 - 3j, 1j, 1e-9 + 1e-9j]
VALUES = [0, 1, 127, 128, 255, 256, -1, -128, -129, 65535, 65536, -40000, 2**31, 2**40, -(2**40), 0.5, 3.1, 65000.5, -64999.5,
          1e30, 3.4e38, 1e50, np.inf, np.nan]
KINDS = ["bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating", "numeric"]
ABSTRACT = ["generic", "number", "integer", "signedinteger", "unsignedinteger", "inexact", "floating", "complexfloating"]
SHAPES = [[[2, 3], [3]], [[6, 7], [5, 6, 1], [7], [5, 1, 7]], [[2, 3], [1], [4]], [[5], [1], [4], [3]], [[0], [1]], [[], [2]], [3, [2, 1]], []]
KINDS_OF_PART = {"iscomplex": np.iscomplex, "isreal": np.isreal, "isposinf": np.isposinf, "isneginf": np.isneginf}


def special(p):
    floats = np.array(FLOATS)
    one = {name: getattr(np, name) for name in ("sinc", "i0")}
    answers = {
        "floats": b64(floats),
        # float32 in NumPy's own steps; I0 is computed as float64 here, and rounded once.
        "sinc": {"float64": b64(np.sinc(floats)), "float32": b64(np.sinc(floats.astype("f4")))},
        "i0": {"float64": b64(np.i0(floats)), "float32": b64(np.i0(floats.astype("f4").astype("f8")).astype("f4"))},
        "complexes": b64(np.array(COMPLEXES)),
        "sincOfComplex": b64(np.sinc(np.array(COMPLEXES))),
        "dtypes": {name: {d: str(f(np.ones(3, d)).dtype) if d[0] != "c" or name == "sinc" else None for d in DTYPES}
                   for name, f in one.items()},
    }
    windows = {name: {str(m): b64(getattr(np, name)(m)) for m in (-2, 0, 1, 2, 3, 12, 51)}
               for name in ("bartlett", "blackman", "hamming", "hanning")}
    windows["kaiser"] = {f"{m},{beta}": b64(np.kaiser(m, beta)) for m in (0, 1, 2, 12, 51) for beta in (0.0, 5.0, 8.6, 14.0)}
    parts = {name: {d: ask_b64(f, np.array([0, 1, np.inf, -np.inf, np.nan] if d[0] in "fc" else [0, 1, 1, 0, 1]).astype(d))
                    for d in DTYPES} for name, f in KINDS_OF_PART.items()}
    angles = {d: {str(deg): b64(np.angle(np.array([1, -2, 0, 1j, -1 - 1j, 3 - 4j]).astype(d) if d[0] == "c"
                                           else np.array([1, 0, 1] if d[0] in "bu" else [1, -2, 0]).astype(d), deg=deg))
                    for deg in (False, True)} for d in DTYPES}
    return {**answers, "windows": windows, "parts": parts, "angles": angles, "types": types(),
            "shapes": [[list(s) if isinstance(s, list) else s for s in shapes] + [broadcast(shapes)] for shapes in SHAPES]}


def ask_b64(f, x):
    answer = ask(f, x)
    return answer if isinstance(answer, dict) else b64(answer)


def broadcast(shapes):
    answer = ask(np.broadcast_shapes, *[tuple(s) if isinstance(s, list) else s for s in shapes])
    return answer if isinstance(answer, dict) else list(answer)


def types():
    finite = [v for v in VALUES if np.isfinite(v)]
    return {
        "isdtype": {kind: "".join("01"[np.isdtype(np.dtype(d), kind)] for d in DTYPES) for kind in KINDS},
        "issubdtype": {kind: "".join("01"[np.issubdtype(np.dtype(d), getattr(np, kind))] for d in DTYPES) for kind in ABSTRACT},
        "minScalarType": [[str(v), str(np.min_scalar_type(v))] for v in VALUES],
        "common": {a: [ask_name(np.common_type, np.ones(1, a), np.ones(1, b)) for b in DTYPES] for a in DTYPES},
        # A whole JavaScript number is Python's int beside an array.
        "weak": {d: [str(np.result_type(np.dtype(d), v)) for v in (1, 0.5, True, 1j)] for d in DTYPES},
        "finite": len(finite),
    }


def ask_name(f, *args):
    answer = ask(f, *args)
    return answer if isinstance(answer, dict) else np.dtype(answer).name
