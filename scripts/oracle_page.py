"""What NumPy's column of the sixty lines of docs/numpy.md gives."""
import re
from pathlib import Path

import numpy as np

PAGE = Path(__file__).parent.parent / "docs" / "numpy.md"


def plain(x):
    """A result as lists of numbers, with its dtype if it is an array."""
    if isinstance(x, (tuple, list)):
        return [plain(one) for one in x]
    if isinstance(x, np.ndarray):
        return {"dtype": str(x.dtype), "shape": list(x.shape), "values": [number(v) for v in x.ravel().tolist()]}
    return number(x.item() if isinstance(x, np.generic) else x)


def number(v):
    return [v.real, v.imag] if isinstance(v, complex) else None if v != v else v


def page(p):
    a = np.arange(12.).reshape(3, 4)
    given = {"np": np, "a": a, "v": np.array([3., 1., 2.]), "i": np.array([[1, 2], [3, 4]], np.int32),
             "z": np.array([1 + 2j, -1j]), "mask": a > 5, "gaps": np.array([1, np.nan, 3])}
    rows = re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", PAGE.read_text(), re.M)
    return {"lines": [[numpy, plain(eval(numpy, dict(given)))] for numpy, _ in rows]}
