"""What shapes, views, indices and printing answer."""
import math

import numpy as np

from oracle_inputs import ask, shaped

DTYPE = np.int16  # of the arrays that are cut up: two bytes, so that elements are not taken for bytes


def base(shape):
    return np.arange(math.prod(shape), dtype=DTYPE).reshape(shape)


def encode(item):
    """One index item as JSON; the reader is `decodeIndex` in test/support/oracle.ts."""
    if isinstance(item, slice):
        return {"slice": [item.start, item.stop, item.step]}
    if item is Ellipsis:
        return "..."
    if isinstance(item, (list, np.ndarray)):
        a = np.asarray(item)
        return {"mask": a.tolist()} if a.dtype == bool else {"array": a.tolist()}
    return item


def parse(text):
    """An index written as Python writes it, as a tuple."""
    index = eval(f"np.index_exp[{text}]", {"np": np, "T": True, "F": False})
    return tuple(index)


def described(a, start):
    """Shape, strides, values of a result, and where it begins in the array it came from, if it is a view."""
    a = np.asarray(a)
    shares = bool(np.may_share_memory(a, start)) and a.size > 0
    strides = [None if n == 1 else s for n, s in zip(a.shape, a.strides)]  # nothing is ever that far away
    out = {"dtype": a.dtype.name, "shape": list(a.shape), "strides": strides, "shares": shares, "writeable": a.flags.writeable}
    if shares:
        out["offset"] = a.__array_interface__["data"][0] - start.__array_interface__["data"][0]
    out["values"] = [[v.real, v.imag] for v in a.reshape(-1).tolist()] if a.dtype.kind == "c" else a.reshape(-1).tolist()
    return out


# ---------------------------------------------------------------- indexing

BASIC = {
    (10,): ["3", "-1", "-10", "10", "-11", "2:7", "2:", ":-2", "::3", "::-1", "8:2:-2", "-3:", ":3", "5:2", "20:", ":20", "-20:3", "::-4",
            "None", "..., None", "None, 2:5", "...", "1, 1", "7:1:-3", "9:0:-1", ":", "3:3", "::20", "-1::-1", "..., ...", "0::0"],
    (4, 5): ["1", "-1", "1, 2", "1, :", ":, 1", "..., 1", "1, ...", "::2, ::2", "::-1", ":, ::-1", "::-1, ::-1", "1:3, 2:4", "None, 1",
             "1, None", ":, None, :", "None, ..., None", "1:, ::-1, None", "3:0:-2, 4:0:-3", "4", ":, 5", ":, -6", "1, 2, 3", "-4, -5",
             "2:2, :", "..., ::2", "1:2, 1:2", ":, None, 2", "None, None", "1, ..., 2"],
    (2, 3, 4): ["1", "1, 2", "1, 2, 3", "..., 0", "0, ...", "0, ..., 0", ":, 1", ":, :, ::-2", "::-1, 1:, ::3", "None, ..., 1:3, None",
                "1:, ::-1, ..., None", "1, ::-1, ..., None", "..., None, 1", "-1, -1, -1", "2", ":, 3", ":, :, 4", "0, 0, 0, 0", "..., :",
                ":, ..., :, :", ":, ..., :, :, :"],
    (): ["...", "None", "None, ..., None", "0", ":"],
    (0, 3): [":", ":, 1", "0", "1:2", "..., ::-1", ":, None"],
}

ADVANCED = {
    (10,): ["[3, 1, 1]", "[-1, -10]", "[]", "[10]", "[-11]", "[[0, 1], [2, 3]]", "[T, F] * 5", "[F] * 10", "[T] * 9", "[T, F, T]",
            "np.array([], dtype=int)", "[[9]], ", "None, [1, 2]"],
    (4, 5): ["[0, 2]", "[[0, 2], [1, 1]]", ":, [1, 3]", "[0, 2], [1, 3]", "[[0], [2]], [1, 3]", "[0, 2], 1", "1, [0, 4]", "[0, 2], 1:4",
             "1:3, [0, -1]", "[T, F, T, F]", "[T, F, T, F], 2", ":, [T, F, T, F, T]", "[T, F, T, F], [0, 1]", "[0, 1, 2], [0, 1]", "[4]",
             ":, [5]", "[0, -5]", "::-1, [1, 2]", "..., [0, 0]", "np.arange(20).reshape(4, 5) % 3 == 0", "[T, F, T]", "[0, 1], [0, 1], [0, 1]",
             "np.zeros((4, 5), bool)", "np.ones((5, 4), bool)", "[1, 2], None", "None, [1, 2]", "[]", "[], [0]"],
    (2, 3, 4): ["[0, 1]", ":, [0, 2]", "..., [3, 0]", "[0, 1], :, [3, 0]", "[0, 1], [1, 2]", ":, [1, 2], [0, 3]", "1, :, [0, 2]",
                "[0, 1], 1, :", "[[0], [1]], [0, 2]", "np.arange(6).reshape(2, 3) % 2 == 0", ":, [T, F, T]", "..., [T, F, F, T]",
                "[0, 1], :, 2", "::-1, [2, 0], 1:3", "np.arange(24).reshape(2, 3, 4) > 15", "[0], [0], [0]", "[1, 0], ..., None, [2, 2]"],
    (0, 3): ["[]", "[0]", ":, [1, 1]"],
}

# (shape, index, value): a number, or a nested list that is broadcast.
WRITES = [
    ((10,), "3", 99), ((10,), "-1", 99), ((10,), "10", 99), ((10,), "2:5", 99), ((10,), "::-2", [1, 2, 3, 4, 5]), ((10,), "2:5", [7, 8, 9]),
    ((10,), "2:5", [7, 8]), ((10,), "[1, 3]", 99), ((10,), "[1, 3]", [7, 8]), ((10,), "[1, 1, 1]", [7, 8, 9]), ((10,), "[1, 3]", [1, 2, 3]),
    ((10,), "[T, F] * 5", 99), ((10,), "[T, F] * 5", [1, 2, 3, 4, 5]), ((10,), "[T, F] * 5", [1, 2]), ((10,), "...", 4), ((10,), "[]", 4),
    ((10,), "5:5", 4), ((10,), "[20]", 1), ((10,), "[0, 20]", 1),
    ((4, 5), "1", 99), ((4, 5), "1, 2", 99), ((4, 5), ":, 1", [1, 2, 3, 4]), ((4, 5), "1:3, ::2", [[1, 2, 3], [4, 5, 6]]),
    ((4, 5), "1:3", [1, 2, 3, 4, 5]), ((4, 5), "::-1, 0", [1, 2, 3, 4]), ((4, 5), "...", [[1], [2], [3], [4]]), ((4, 5), "1:, 0", 7),
    ((4, 5), "[0, 2]", 99), ((4, 5), "[0, 2], [1, 3]", [7, 8]), ((4, 5), "[0, 2]", [[1], [2]]), ((4, 5), ":, [0, 4]", 0),
    ((4, 5), "[T, F, T, F]", 0), ((4, 5), "np.arange(20).reshape(4, 5) % 3 == 0", 0), ((4, 5), "np.arange(20).reshape(4, 5) > 15", [1, 2, 3, 4]),
    ((4, 5), "[T, F, T, F], 2", [8, 9]), ((4, 5), "[T, F, T]", 0), ((4, 5), ":, 5", 0), ((4, 5), "1, 2, 3", 0), ((4, 5), "1", [1, 2]),
    ((2, 3, 4), "..., 0", 5), ((2, 3, 4), "1, ::-1, ...", [[1], [2], [3]]), ((2, 3, 4), "[0, 1], :, [3, 0]", 5), ((2, 3, 4), "0", [[[5] * 4] * 3]),
    ((), "...", 5), ((0, 3), ":", 5), ((4, 5), "[[0], [2]], [1, 3]", [[1, 2], [3, 4]]),
]


def read(shape, text):
    start, index = base(shape), parse(text)
    # A full integer index gives NumPy's scalar; with an ellipsis it is the 0-d view that `at` gives.
    asked = index if any(i is Ellipsis for i in index) else (*index, Ellipsis)
    answer = ask(lambda: start[asked])
    if isinstance(answer, dict):
        answer = ask(lambda: start[index])
    return [shape, text, list(map(encode, index)), answer if isinstance(answer, dict) else described(answer, start)]


def written(shape, text, value):
    start, index = base(shape).copy(), parse(text)
    answer = ask(start.__setitem__, index, value if isinstance(value, int) else np.array(value, DTYPE))
    return [shape, text, list(map(encode, index)), value, answer if isinstance(answer, dict) else start.reshape(-1).tolist()]


def indexing():
    return {
        "basic": [read(shape, text) for shape, texts in BASIC.items() for text in texts],
        "advanced": [read(shape, text) for shape, texts in ADVANCED.items() for text in texts],
        "set": [written(*case) for case in WRITES],
    }


# ---------------------------------------------------------------- manipulation

# (shape, steps): each step is a function of the array and its further arguments. "at" indexes, "T" transposes.
PROGRAMS = [
    *[((2, 3, 4), [("reshape", s)]) for s in ([24], [6, 4], [4, -1], [-1], [2, 12], [2, 3, 2, 2], [1, 24, 1], [5, 5], [-1, -1], [7, -1], [], [24, 0])],
    *[((0, 3), [("reshape", s)]) for s in ([3, 0], [0], [-1, 3], [0, -1], [1])],
    ((), [("reshape", [1, 1])]), ((1, 1), [("reshape", [])]), ((6,), [("reshape", 6)]), ((6,), [("reshape", [2, 3])]),
    ((2, 3, 4), [("transpose", None), ("reshape", [24])]), ((2, 3, 4), [("transpose", [0, 2, 1]), ("reshape", [2, 12])]),
    ((2, 3, 4), [("transpose", [1, 2, 0]), ("reshape", [12, 2])]), ((2, 3, 4), [("transpose", [1, 2, 0]), ("reshape", [3, 8])]),
    ((4, 6), [("at", "::2"), ("reshape", [2, 2, 3])]), ((4, 6), [("at", ":, ::2"), ("reshape", [12])]), ((4, 6), [("at", ":, ::2"), ("reshape", [4, 3, 1])]),
    ((4, 6), [("at", "::-1"), ("reshape", [4, 2, 3])]), ((4, 6), [("at", "::-1, ::-1"), ("reshape", [24])]), ((4, 6), [("at", "1:3"), ("reshape", [12])]),
    *[((2, 3, 4), [("transpose", axes)]) for axes in (None, [0, 1, 2], [2, 0, 1], [1, 0, 2], [-1, 0, 1], [0, 1], [0, 0, 1], [0, 1, 3])],
    ((3,), [("transpose", None)]), ((), [("transpose", None)]), ((2, 3), [("T",)]), ((2, 3, 4), [("T",)]),
    ((2, 3), [("ravel",)]), ((2, 3), [("T",), ("ravel",)]), ((6,), [("at", "::2"), ("ravel",)]), ((), [("ravel",)]), ((4, 6), [("at", "::2"), ("ravel",)]),
    ((1, 3, 1), [("squeeze",)]), ((1, 3, 1), [("squeeze", 0)]), ((1, 3, 1), [("squeeze", -1)]), ((1, 3, 1), [("squeeze", [0, 2])]),
    ((1, 3, 1), [("squeeze", 1)]), ((1, 3, 1), [("squeeze", 3)]), ((1, 1), [("squeeze",)]), ((3,), [("squeeze",)]),
    ((2, 3), [("expand_dims", 0)]), ((2, 3), [("expand_dims", 1)]), ((2, 3), [("expand_dims", -1)]), ((2, 3), [("expand_dims", 3)]),
    ((2, 3), [("expand_dims", [0, 2])]), ((), [("expand_dims", 0)]), ((2, 3), [("expand_dims", [0, 0])]),
    ((2, 3, 4), [("flip",)]), ((2, 3, 4), [("flip", 0)]), ((2, 3, 4), [("flip", -1)]), ((2, 3, 4), [("flip", [0, 2])]), ((2, 3, 4), [("flip", 3)]),
    ((2, 3, 4), [("swapaxes", 0, 2)]), ((2, 3, 4), [("swapaxes", -1, 0)]), ((2, 3, 4), [("swapaxes", 0, 3)]), ((2, 3, 4), [("swapaxes", 1, 1)]),
    ((2, 3, 4), [("moveaxis", 0, -1)]), ((2, 3, 4), [("moveaxis", 2, 0)]), ((2, 3, 4), [("moveaxis", [0, 1], [-1, -2])]),
    ((2, 3, 4), [("moveaxis", [0, 1], [2, 0])]), ((2, 3, 4), [("moveaxis", 3, 0)]), ((2, 3, 4), [("moveaxis", [0, 0], [1, 2])]),
    ((2, 3, 4), [("moveaxis", [0, 1], [2])]),
    ((3,), [("broadcast_to", [2, 3])]), ((3, 1), [("broadcast_to", [3, 4])]), ((), [("broadcast_to", [2, 2])]), ((1, 3), [("broadcast_to", [0, 3])]),
    ((3,), [("broadcast_to", [3, 2])]), ((2, 3), [("broadcast_to", [3])]), ((2, 3), [("broadcast_to", [4, 2, 3])]), ((2, 1, 3), [("broadcast_to", [2, 5, 3])]),
    ((3,), [("broadcast_to", [2, 3]), ("T",)]), ((3,), [("broadcast_to", [2, 3]), ("reshape", [6])]), ((3,), [("broadcast_to", [2, 3]), ("at", "1")]),
    ((2, 4), [("view", "int8")]), ((2, 4), [("view", "int32")]), ((2, 4), [("view", "float64")]), ((2, 4), [("view", "uint16")]),
    ((2, 3), [("view", "int32")]), ((2, 4), [("T",), ("view", "int32")]), ((2, 4), [("T",), ("view", "uint16")]), ((2, 4), [("at", ":, ::2"), ("view", "int32")]),
    ((2, 4), [("T",), ("view", "int8")]), ((), [("view", "int8")]), ((2, 4), [("at", "::-1"), ("view", "int32")]),
    ((2, 3), [("astype", "complex64"), ("real",)]), ((2, 3), [("astype", "complex128"), ("imag",)]), ((2, 3), [("astype", "complex64"), ("T",), ("imag",)]),
    ((2, 3), [("real",)]), ((2, 3), [("imag",)]), ((2, 3), [("astype", "complex64"), ("conjugate",)]),
    ((2, 3), [("copy",)]), ((2, 3), [("T",), ("copy",)]), ((4, 6), [("at", "::2, ::-1"), ("copy",)]),
]

# (function, [(shape, dtype)...], further arguments)
JOINS = [
    ("concatenate", [((2, 3), "int16"), ((1, 3), "int16")], [0]), ("concatenate", [((2, 3), "int16"), ((2, 2), "int16")], [1]),
    ("concatenate", [((2, 3), "int16"), ((2, 2), "int16")], [-1]), ("concatenate", [((2, 3), "int16"), ((2, 2), "int16")], [0]),
    ("concatenate", [((2, 3), "int16"), ((2,), "int16")], [0]), ("concatenate", [((3,), "int8"), ((2,), "uint8")], [0]),
    ("concatenate", [((3,), "int64"), ((2,), "uint64")], [0]), ("concatenate", [((3,), "float32"), ((2,), "complex64"), ((1,), "bool")], [0]),
    ("concatenate", [((2, 3), "int16"), ((2, 2), "float16")], [None]), ("concatenate", [((3,), "int8"), ((0,), "float64")], [0]),
    ("concatenate", [((3,), "int8")], [1]), ("concatenate", [((), "int8"), ((), "int8")], [0]), ("concatenate", [], [0]),
    ("concatenate", [((2, 3, 4), "int32"), ((2, 1, 4), "int32")], [1]), ("concatenate", [((2, 3), "int16")], [-3]),
    ("stack", [((2, 3), "int16"), ((2, 3), "int16")], [0]), ("stack", [((2, 3), "int16"), ((2, 3), "int16")], [1]),
    ("stack", [((2, 3), "int16"), ((2, 3), "int16")], [-1]), ("stack", [((2, 3), "int16"), ((2, 2), "int16")], [0]),
    ("stack", [((), "int8"), ((), "float32")], [0]), ("stack", [((2, 3), "int16"), ((2, 3), "int16")], [3]), ("stack", [], [0]),
    ("stack", [((0, 3), "int16"), ((0, 3), "int16")], [0]), ("stack", [((3,), "uint8"), ((3,), "int8"), ((3,), "bool")], [-2]),
]

RANGES = [
    ("arange", [5]), ("arange", [2, 5]), ("arange", [1, 10, 3]), ("arange", [10, 0, -3]), ("arange", [0.5, 3]), ("arange", [0, 1, 0.1]), ("arange", [5, 2]),
    ("arange", [0, 1, 0.3]), ("arange", [-3, 3, 0.7]), ("linspace", [0, 1, 5]), ("linspace", [0, 1, 50]), ("linspace", [1, -1, 7]), ("linspace", [2, 2, 3]),
    ("linspace", [0, 1, 1]), ("linspace", [0, 1, 0]), ("linspace", [1e-3, 1e5, 11]), ("linspace", [0, 0.1, 4]), ("eye", [3]), ("eye", [2, 4]),
    ("eye", [3, 3, {"k": 1}]), ("eye", [3, 2, {"k": -1}]), ("eye", [2, 2, {"k": 5}]), ("zeros", [[2, 3]]), ("ones", [[2, 3]]), ("ones", [[0, 2]]), ("full", [[2, 2], 7.5]), ("zeros", [[]]),
]


def run(start, steps):
    a = start
    for name, *args in steps:
        args = [tuple(v) if isinstance(v, list) else v for v in args]
        if name == "at":
            a = a[parse(*args)]
        elif name == "T":
            a = a.T
        elif name in ("view", "astype", "copy"):
            a = getattr(a, name)(*args)
        else:
            a = getattr(np, name)(a, *args)
    return a


def encoded(steps):
    return [[name, *([list(map(encode, parse(*args)))] if name == "at" else args)] for name, *args in steps]


def made(name, args):
    options = {key: v for a in args if isinstance(a, dict) for key, v in a.items()}
    if name == "arange":
        options["dtype"] = "float64"
    return getattr(np, name)(*(a for a in args if not isinstance(a, dict)), **options)


def manipulation():
    programs, joins = [], []
    for shape, steps in PROGRAMS:
        start = base(shape)
        answer = ask(run, start, steps)
        programs.append([shape, encoded(steps), answer if isinstance(answer, dict) else described(answer, start)])
    for name, inputs, args in JOINS:
        arrays = [(np.arange(math.prod(s)) + 1).astype(d).reshape(s) for s, d in inputs]
        answer = ask(getattr(np, name), arrays, *args)
        joins.append([name, inputs, args, answer if isinstance(answer, dict) else shaped(answer)])
    # A JavaScript number is float64, so whole numbers ask for floats here.
    ranges = [[name, args, shaped(made(name, args))] for name, args in RANGES]
    return {"programs": programs, "joins": joins, "ranges": ranges}


# ---------------------------------------------------------------- printing


def printed():
    """Arrays of all dtypes, shapes and ranges."""
    inf, nan, c = np.inf, np.nan, complex
    f8 = [
        [], [1], [1, 2, 3], [0.1], [0.1, 0.2, 1 / 3], [1.5, -2.25, 1000], [nan, 1, inf], [-inf, nan, 0.5], [nan], [inf], [-0.0, 0.0], [-0.0, 1.5],
        [1e-5], [1e-4], [1e16], [1e15], [123456789.0], [1234567890123456789.0], [1e-5, 1], [1e8, 1], [1e8, 0.1], [99999999.0, 1], [1e10, 1e-10],
        [1e100, 1e-100, 1], [1.1e100, -2.25e-7], [5e-324], [1.7976931348623157e308], [math.pi, math.e], [math.pi * 1e6, 1], [2 / 3, 1 / 7, 1e3],
        [0.5, 0.25, 0.125], [1e-3, 1e3], [1e-4, 1e3], [1e-4, 10], [1000.5, 0.00012345678], [0.1 + 0.2], [1 / 3, 2], [1e22], [123.456, nan, -inf],
        [100000.0, 0.001], [12345.678, 1e-3], [1e7, 1.5], [16777216.5, 0.3], [-1, 1], [-1.5, 10, 100], [1e-300, 0], [0.0], [9.999999999, 1], [0.99999999999],
        [0.000123456789, 1.0], [1e5 + 0.1, 3], [31.41592653589793, 2.718281828459045], [1e-10], [1.0, 1e-9],
    ]
    yield from (np.array(v, "f8") for v in f8)
    yield from (np.array(v, "f4") for v in ([0.1, 1 / 3], [16777216, 1.5], [1e-45], [3.4028235e38], [nan, 0.1], [math.pi], [1e10, 1], [0.3, 1e5], [1e-3, 2]))
    yield from (np.array(v, "f2") for v in ([0.1, 1 / 3], [65504, 1], [6e-8], [2049, 0.5], [nan, inf, -0.0], [1e-3, 100], [3.14, 1000]))
    yield from (np.array(v, t) for t, v in (
        ("i1", [-128, 127, 0]), ("u1", [255, 3]), ("i2", [[-32768, 1], [2, 3]]), ("i4", [1, -22, 333]), ("i8", [-(2**63), 2**63 - 1]), ("u8", [2**64 - 1, 0]),
        ("i4", []), ("i8", [[1, 10], [100, 1000]]), ("?", [True, False]), ("?", [[True], [False]]), ("?", [True, True]), ("?", []), ("u2", [65535])))
    yield from (np.array(v, t) for t, v in (
        ("c16", [1, 1j, c(1, 1)]), ("c16", [c(1.5, -2.25), c(-0.0, 0.0)]), ("c16", [c(nan, 1), c(1, inf)]), ("c16", [c(1e10, 1), c(0, 1e-10)]), ("c16", [c(-0.0, -0.0)]),
        ("c8", [c(0.1, 1 / 3), c(2, -3)]), ("c16", [c(nan, nan)]), ("c16", []), ("c16", [c(100, -1), c(0.5, 20)]), ("c16", [c(-inf, -1), c(2, nan)]), ("c8", [[1, 2j], [3, 4]])))
    for value, t in ((1.5, "f8"), (1, "i4"), (True, "?"), (c(1, -2), "c16"), (nan, "f8"), (1e20, "f8"), (0.1, "f4"), (0.1, "f2"), (-0.0, "f8"), (1e-7, "f8"), (1e16, "f8"),
                     (2**63, "u8"), (c(0.1, 1e20), "c16"), (1e5, "f4"), (c(nan, -inf), "c8")):
        yield np.array(value, t)
    for shape in ((2, 3), (2, 3, 4), (1, 1, 1), (3, 1), (2, 2, 2, 2), (0, 3), (3, 0), (2, 0, 2), (1, 40), (25,), (40,), (3, 30)):
        yield np.arange(math.prod(shape)).astype("i4").reshape(shape)
        yield (np.arange(math.prod(shape)) / 7).reshape(shape)
    yield from (np.arange(n).astype(t) for n, t in ((1000, "i4"), (1001, "i4"), (2000, "f8"), (1001, "u1"), (1500, "f4"), (1001, "?"), (1200, "c16")))
    yield np.arange(2000).astype("i4").reshape(40, 50)
    yield np.arange(2000).astype("f8").reshape(4, 5, 100) / 3
    yield np.arange(1200).astype("i2").reshape(2, 600)
    yield np.arange(1200).astype("i2").reshape(600, 2)
    yield np.arange(1200).astype("i2").reshape(7 - 1, 1, 200)
    yield np.arange(3600).astype("f4").reshape(10, 10, 6, 6)
    yield np.where(np.arange(1100) == 500, 1e9, 1.5)  # what is not shown does not widen what is
    yield np.linspace(0, 1, 30)
    yield (np.arange(24) * 1e5 - 3).reshape(4, 6)
    yield np.arange(12).astype("c8").reshape(3, 4) * (1 - 0.5j)
    yield np.zeros((3, 4))
    yield np.ones((2, 2), "f2")


def printing():
    return {"cases": [{**shaped(a), "str": str(a), "repr": repr(a)} for a in printed()]}
