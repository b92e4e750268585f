"""Small Parquet and Arrow files by pyarrow and pandas, with the values that pandas reads: test/oracle/columnar/.

Needs pandas and pyarrow. python3 scripts/oracle_columnar.py
"""
import json
import os
import sys
from datetime import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

OUT = os.path.join(os.path.dirname(__file__), "..", "test", "oracle", "columnar")
os.makedirs(OUT, exist_ok=True)
N = 40


def ints(bits, signed):
    info = np.iinfo(f"{'' if signed else 'u'}int{bits}")
    values = [info.min, info.max, 0, 1, 5, info.max // 3]
    return [int(values[i % 6]) for i in range(N)]


def gaps(values, every=7):
    return [None if i % every == 3 else v for i, v in enumerate(values)]


floats = [0.0, -0.0, 1.5, float("inf"), float("-inf"), float("nan"), 5e-324, 1e308]
floats = [floats[i % 8] for i in range(N)]
words = [["red", "green", "", "blue", "naïve 😀"][i % 5] for i in range(N)]
stamps = [datetime(2020, 1, 1 + i % 28, i % 24, i, i, 1000 * i) for i in range(N)]

columns = {}
for bits in (8, 16, 32, 64):
    for signed in (True, False):
        kind = f"{'' if signed else 'u'}int{bits}"
        columns[kind] = pa.array(ints(bits, signed), getattr(pa, kind)())
small = pa.array(gaps(list(range(N))), pa.int32())
columns["int32 with gaps"] = small
columns["bool"] = pa.array([i % 3 == 0 for i in range(N)])
columns["bool with gaps"] = pa.array(gaps([i % 2 == 0 for i in range(N)]))
columns["float16"] = pa.array(np.array([f if abs(f) < 60000 or f != f else np.inf for f in floats], np.float16))
columns["float32"] = pa.array(np.array(floats, np.float64).astype(np.float32))
columns["float64"] = pa.array(floats, pa.float64())
columns["float64 with gaps"] = pa.array(gaps(floats), pa.float64())
columns["strings"] = pa.array(words)
columns["strings with gaps"] = pa.array(gaps(words))
columns["category"] = pa.array(words).dictionary_encode()
columns["date"] = pa.array([s.date() for s in stamps], pa.date32())
for unit in ("ms", "us", "ns"):
    columns[f"timestamp {unit}"] = pa.array(stamps, pa.timestamp(unit))
columns["timestamp with gaps"] = pa.array(gaps(stamps), pa.timestamp("us", tz="UTC"))
columns["time"] = pa.array([s.time() for s in stamps], pa.time64("us"))
columns["decimal"] = pa.array([Decimal(i * 7919 - 40) / 100 for i in range(N)], pa.decimal128(9, 2))
columns["decimal long"] = pa.array([Decimal(i - 20) * Decimal("123456789.000001") for i in range(N)], pa.decimal128(30, 6))
columns["nothing"] = pa.array([None] * N, pa.float64())
table = pa.table(columns)


def value(v):
    if v is None or (isinstance(v, float) and v != v):
        return None
    if isinstance(v, float) and v in (float("inf"), float("-inf")):
        return "inf" if v > 0 else "-inf"
    if isinstance(v, int) and abs(v) > 2**53:
        return str(v)
    return v


def millis(array):
    kind = array.type
    if pa.types.is_date(kind):
        return [None if v is None else v * 86400000 for v in array.cast(pa.int32()).to_pylist()]
    per = {"ms": 1, "us": 1000, "ns": 1000000}[kind.unit]
    out = []
    for v in array.cast(pa.int64()).to_pylist():
        out.append(None if v is None else v // per + (v % per) / per)
    return out


def expected(array):
    if pa.types.is_temporal(array.type):
        return millis(array)
    if pa.types.is_decimal(array.type):
        return [float(v) for v in array.to_pylist()]
    if pa.types.is_dictionary(array.type):
        array = array.cast(pa.string())
    return [value(v) for v in array.to_pylist()]


with open(os.path.join(OUT, "values.json"), "w") as f:
    json.dump({name: expected(table[name].combine_chunks()) for name in table.column_names}, f, ensure_ascii=False)
    f.write("\n")


def parquet(name, t=table, **options):
    pq.write_table(t, os.path.join(OUT, f"{name}.parquet"), **options)


parquet("snappy")
parquet("plain-v1", compression="none", use_dictionary=False, data_page_version="1.0")
parquet("gzip-v2-groups", compression="gzip", data_page_version="2.0", row_group_size=9)
parquet("zstd-pages", compression="zstd", data_page_size=64, write_batch_size=8)
parquet("brotli", compression="brotli", write_statistics=False)
parquet("lz4", compression="lz4")
# Polars and others encode so.
names = [c for c in table.column_names if c.startswith(("int32", "int64", "strings", "uint32"))]
encodings = {c: "DELTA_BINARY_PACKED" if "int" in c else "DELTA_BYTE_ARRAY" if "gaps" in c else "DELTA_LENGTH_BYTE_ARRAY" for c in names}
parquet("delta", table.select(names), use_dictionary=False, column_encoding=encodings)
split = ["float32", "float64", "float64 with gaps"]
parquet("split", table.select(split), use_dictionary=False, column_encoding={c: "BYTE_STREAM_SPLIT" for c in split})
parquet("int96", table.select(["timestamp ns"]), use_deprecated_int96_timestamps=True)
nested = pa.table({"x": [1, 2], "list": [[1], [2, 3]], "pair": [{"a": 1}, {"a": 2}]})
parquet("nested", nested)
parquet("empty", table.slice(0, 0))
# As pandas writes it: all columns optional, and its own metadata.
frame = table.select(["int8", "int64", "float32", "strings", "bool", "timestamp ns", "category"]).to_pandas()
frame.to_parquet(os.path.join(OUT, "pandas.parquet"))


def arrow(name, t, file, **options):
    opts = pa.ipc.IpcWriteOptions(**options)
    with pa.OSFile(os.path.join(OUT, name), "wb") as sink:
        make = pa.ipc.new_file if file else pa.ipc.new_stream
        with make(sink, t.schema, options=opts) as writer:
            for batch in t.to_batches(max_chunksize=N if "batches" not in name else 9):
                writer.write_batch(batch)


arrow("file.arrow", table, True)
arrow("stream.arrows", table, False)
arrow("batches.arrow", table, True)
arrow("lz4.arrow", table, True, compression="lz4")
arrow("zstd.arrow", table, True, compression="zstd")
arrow("nested.arrow", nested, True)
arrow("empty.arrow", table.slice(0, 0), True)
feather.write_feather(frame, os.path.join(OUT, "pandas.feather"))
print(f"pyarrow {pa.__version__}, pandas {pd.__version__}, Python {sys.version.split()[0]}", file=sys.stderr)
