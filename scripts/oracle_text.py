"""What NumPy reads in texts, and how it writes numbers as text."""
import csv
import io
import math
import warnings
from random import Random

import numpy as np

from oracle_inputs import b64

READ = [
    (["1 2", "3 4"], {}), (["1,2", "", "3, 4 "], {"delimiter": ","}), ([], {}), ([], {"ndmin": 2}), (["5"], {}), (["5"], {"ndmin": 1}),
    (["5"], {"ndmin": 2}), (["1", "2"], {"ndmin": 2}), (["1 2"], {"ndmin": 2}), (["1 2"], {"ndmin": 1}), ([], {"usecols": [0, 1]}),
    (["infinity NAN +inf 1e400 .5 5. -0 1e-400 1E+5 007 1e0005"], {}),
    (["1 # x", "# y", "", "2"], {}), (["1,2 // x", "3,4 # z"], {"comments": ["#", "//"], "delimiter": ","}),
    (["a", "b", "1 2", "3 4"], {"skiprows": 2}), (["1 2"], {"skiprows": 5}), (["1 2", "# c", "3 4", "5 6"], {"maxRows": 2}),
    (["1 2 3", "4 5 6"], {"usecols": [2, 0], "unpack": True}), (["1 2 3", "4 5 6"], {"usecols": -1}), (["1 2 3", "4 5"], {"usecols": [0, 1]}),
    (["1 2 3"], {"usecols": [1, 1, 0]}), ([" 1\t2  ", "3 \t 4"], {}), (["1\t2", "\t3"], {"delimiter": "\t"}),
    (['"1","2"', '"3",4'], {"delimiter": ",", "quotechar": '"'}), (["'1,5'"], {"delimiter": ",", "quotechar": "'"}),
    (["1 -2 +3", "127 -128 0"], {"dtype": "int8"}), (["1 255"], {"dtype": "uint8"}), (["-32768 32767"], {"dtype": "int16"}),
    (["-2147483648 2147483647"], {"dtype": "int32"}), (["-9223372036854775808 9223372036854775807"], {"dtype": "int64"}),
    (["18446744073709551615 0"], {"dtype": "uint64"}), (["0 1 2 -1"], {"dtype": "bool"}), (["1.5 65504 1e-8 0.1"], {"dtype": "float16"}),
    (["0.1 16777217 1e39 1e-46 3.4028235e38"], {"dtype": "float32"}), (["1+2j (3-4j) 5j 7 (1e5+1e-5j) -1e+2-3e+1j nan+infj"], {"dtype": "complex128"}),
    (["1.5+0.25j 3"], {"dtype": "complex64"}),
    # Refusals.
    (["1.5"], {"dtype": "int64"}), (["1 2", "3"], {}), (["1 2", "3 x"], {}), (["1,2", "  ", "3,4"], {"delimiter": ","}),
    (["300"], {"dtype": "int8"}), (["-1"], {"dtype": "uint8"}), (["True"], {"dtype": "bool"}), (["1_0"], {}), (["0x10"], {}), (["1d3"], {}),
    (["1 2 3"], {"usecols": [0, 5]}), (["1 2 3"], {"usecols": [-4]}), (["1 2 3", "4"], {"usecols": [0, 2]}), (["1 2"], {"ndmin": 3}),
    (["1,2,"], {"delimiter": ","}), (["1"], {"delimiter": "ab"}), (["1"], {"quotechar": "ab"}), (["1"], {"delimiter": "\n"}),
    (["99999999999999999999"], {"dtype": "int64"}), (["1 2", "3 4 5"], {}), (["1"], {"delimiter": " ", "comments": " "}),
    (["1\x002"], {}), (["1 5 j"], {"dtype": "complex128"}), (["1e", "2"], {}), (["."], {}), (["+"], {}), (["--1"], {}), (["1+2i"], {"dtype": "complex128"}),
]

PYTHON = {"maxRows": "max_rows"}


def reading():
    rows = []
    for lines, options in READ:
        try:
            a = np.loadtxt(lines, **{PYTHON.get(k, k): v for k, v in options.items()})
            answer = {"dtype": str(a.dtype), "shape": list(a.shape), "data": b64(np.ascontiguousarray(a))}
        except (ValueError, TypeError) as error:
            answer = {"error": type(error).__name__, "message": str(error)}
        rows.append({"lines": lines, "options": options, "answer": answer})
    return rows


VALUES = [0.0, -0.0, 0.5, 1.5, 2.5, -2.5, 0.125, 0.375, 1e-5, 123456.789, 1e15, 1e16, 1e17, -1e22, 1e100, 5e-324, 1.7976931348623157e308,
          0.1, 1 / 3, -2 / 3, 1e-4, 0.00012345, 999999.5, 9999995.0, math.nan, math.inf, -math.inf, 3.0, 255.0, 1e21, 65.5]
FORMATS = ["%.18e", "%e", "%.0e", "%.3e", "%E", "%f", "%.0f", "%.1f", "%.2f", "%10.3f", "%-10.3f|", "%+.2f", "% .2f", "%08.2f", "%+08.2f",
           "%g", "%.3g", "%.0g", "%#g", "%G", "%.17g", "%s", "%.3s", "%12s", "%-12s|"]


def savetxt(a, **options):
    out = io.StringIO()
    try:
        np.savetxt(out, a, **options)
    except (ValueError, TypeError, AttributeError) as error:
        return {"error": type(error).__name__, "message": str(error)}
    return out.getvalue()


def writing():
    floats = np.array(VALUES)
    whole = np.array([0, 1, -1, 255, -128, 2**53 + 1, -2**63])
    rows = [{"values": b64(floats), "dtype": "float64", "shape": [len(floats)], "options": {"fmt": f}, "text": savetxt(floats, fmt=f)} for f in FORMATS]
    rows += [{"values": b64(whole), "dtype": "int64", "shape": [len(whole)], "options": {"fmt": f}, "text": savetxt(whole, fmt=f)}
             for f in ["%d", "%5d", "%-5d|", "%05d", "%+d", "% d", "%.4d", "%i", "%u", "%x", "%X", "%o", "%s", "%.18e", "%g"]]
    grid = np.arange(6.0).reshape(2, 3) / 4
    for options in [{}, {"fmt": "%.2f", "delimiter": ","}, {"fmt": ["%d", "%.1f", "%s"]}, {"fmt": "%d: %.1f <%g>"}, {"fmt": "%g", "newline": "\r\n"},
                    {"fmt": "%g", "header": "a b c\nd", "footer": "end"}, {"fmt": "%g", "header": "x", "comments": "// "}, {"fmt": ["%d", "%d"]}, {"fmt": "%d %d"}]:
        rows.append({"values": b64(grid), "dtype": "float64", "shape": [2, 3], "options": options, "text": savetxt(grid, **options)})
    z = np.array([1 + 2j, -0.5 - 1.25j, complex(0, math.inf)])
    for options in [{}, {"fmt": "%.2f"}, {"fmt": "%.1f %+.1fj"}]:
        rows.append({"values": b64(z), "dtype": "complex128", "shape": [3], "options": options, "text": savetxt(z, **options)})
    half = np.array([0.1, 65504.0], np.float16)
    rows.append({"values": b64(half), "dtype": "float16", "shape": [2], "options": {"fmt": "%.5f"}, "text": savetxt(half, fmt="%.5f")})
    truth = np.array([True, False])
    for fmt in ["%d", "%s", "%.1f"]:
        rows.append({"values": b64(truth), "dtype": "bool", "shape": [2], "options": {"fmt": fmt}, "text": savetxt(truth, fmt=fmt)})
    return rows


# Options by NumPy's names; names of columns make a table.
GENERAL = [
    (["1,2,3", "4,,6"], {"delimiter": ","}), (["1,2,3", "4,,6"], {"delimiter": ",", "dtype": "int64"}), (["1,x,3", "4,N/A,6"], {"delimiter": ","}),
    (["1,2", "3", "4,5"], {"delimiter": ","}), (["1,2", "3", "4,5"], {"delimiter": ",", "invalid_raise": False}), (["True,x", "false,TRUE"], {"delimiter": ",", "dtype": "bool"}),
    (["1,2", "3,N/A", ",5"], {"delimiter": ",", "missing_values": "N/A", "filling_values": 7}), (["1,-9", "-9,2"], {"delimiter": ",", "missing_values": "-9", "filling_values": 7}),
    (["1,", ",2", ","], {"delimiter": ",", "filling_values": [5, 6]}), (["1,-", "-,2"], {"delimiter": ",", "missing_values": {1: "-"}, "filling_values": {1: 7}}),
    (["1,2.5", "3,4"], {"delimiter": ",", "dtype": None}), (["1,2", "3,4"], {"delimiter": ",", "dtype": None}), (["1,", ",4"], {"delimiter": ",", "dtype": None}),
    (["1 2", "3 4", "total 7 7"], {"skip_footer": 1}), (["1 2", "3 4", "5 6"], {"skip_footer": 2}), (["x", "1 2", "3 4", "5 6"], {"skip_header": 1, "max_rows": 2}),
    (["1 2 3", "4 5 6"], {"usecols": [0, -1]}), (["1 2 3", "4 5"], {"usecols": [0, 1]}), (["1 2 3", "4"], {"usecols": [0, 1]}), (["5"], {}), ([], {}), (["1", "2"], {"ndmin": 2}),
    (["1 2", "3 4"], {"unpack": True}), (["1+2j 3", "x 4"], {"dtype": "complex128"}), (["2.5 3"], {"dtype": "int32"}), (["1 2 # c", "", "3 4"], {}), ([" 1 , 2 ", "3,4"], {"delimiter": ","}),
    (["1,nan", "inf,-inf"], {"delimiter": ","}), (["1 2"], {"skip_footer": 1, "max_rows": 1}), (["1 2"], {"max_rows": 0}), (["1,2", "3,4", "5"], {"delimiter": ",", "skip_footer": 1}),
    (["1 2"], {"ndmin": 3}), (["0.1 16777217 1e39 x"], {"dtype": "float32"}), (["1.5, 65504", "x, 1e-8"], {"dtype": "float16", "delimiter": ","}),
    (["a b", "1 2", "3 4"], {"names": True}), (["# a b", "1 2", "3 4"], {"names": True}), (["a,b", "1,2.5", ",y"], {"names": True, "delimiter": ","}),
    (["a,b", "1,2.5", ",3"], {"names": True, "delimiter": ",", "dtype": None}), (["1 2 3", "4 5 6"], {"usecols": ["b"], "names": "a,b,c"}),
    (["a b c", "1 2 3", "4 5 6"], {"usecols": ["c", "a"], "names": True}), (["1,2", "3,4"], {"delimiter": ",", "names": ["x", "y"]}),
    (["left out", "a,b", "1,2", "3,4"], {"delimiter": ",", "names": True, "skip_header": 1}), (["a,b", "1,", "3,4"], {"delimiter": ",", "names": True, "filling_values": {"b": 9}}),
    (["a,b", "1,2", "3,4", "end"], {"delimiter": ",", "names": True, "skip_footer": 1}), (["a,b", "1,2", "3", "5,6"], {"delimiter": ",", "names": True, "invalid_raise": False}),
]


def array(a):
    return {"dtype": str(a.dtype), "shape": list(a.shape), "data": b64(np.ascontiguousarray(a))}


def general():
    rows = []
    for lines, options in GENERAL:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                a = np.genfromtxt(lines, encoding="utf-8", **options)
                answer = array(a) if a.dtype.names is None else {"columns": {name: array(np.atleast_1d(a[name])) for name in a.dtype.names}}
            except (ValueError, TypeError) as error:
                answer = {"error": type(error).__name__, "message": str(error)}
        rows.append({"lines": lines, "options": options, "answer": answer})
    return rows


def csv_tables():
    """Random tables as Python's csv module writes them."""
    random = Random(9)
    characters = "ab1.5-,;\t\"' #\r\n\u00e9\u2028\U0001d11e"
    tables = []
    for k in range(60):
        columns = random.randint(1, 4)
        rows = [["".join(random.choices(characters, k=random.choice([0, 0, 1, 2, 5, 40]))) for _ in range(columns)]
                for _ in range(random.randint(0, 8))]
        delimiter, quote = random.choice(",;\t|"), random.choice("\"'")
        out = io.StringIO(newline="")
        # With "\n" and no more quotes than needed Python leaves a "\r" bare, which readers take for the end of a line.
        newline, quoting = random.choice([("\r\n", csv.QUOTE_MINIMAL), ("\n", csv.QUOTE_ALL), ("\n", csv.QUOTE_NONNUMERIC)])
        writer = csv.writer(out, delimiter=delimiter, quotechar=quote, lineterminator=newline, quoting=quoting)
        writer.writerow([f"c{i}" for i in range(columns)])
        writer.writerows(rows)
        tables.append({"text": out.getvalue(), "delimiter": delimiter, "quotechar": quote, "rows": rows})
    return tables


def text(_):
    return {"csv": csv_tables(), "reading": reading(), "writing": writing(), "general": general()}
