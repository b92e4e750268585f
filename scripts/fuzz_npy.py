"""Judges what was read from the bytes of a .npy file (test/fuzz/npy.ts) or an archive of them (test/fuzz/npz.ts) by NumPy:
one file a line, one answer a line."""
import base64
import io
import json
import sys
import warnings

import numpy as np
from numpy.lib._format_impl import _read_array_header

warnings.filterwarnings("ignore")

KINDS = {"b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"}


def subarray(data):
    """Whether the header names a dtype whose elements are arrays."""
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    return _read_array_header(stream, version)[2].subdtype is not None


def judge(call):
    data = base64.b64decode(call["file"])
    try:
        theirs, error = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False), None
        if subarray(data):
            theirs, error = None, "a dtype of arrays, '2f8', is none here"
    except Exception as raised:  # noqa: BLE001
        theirs, error = None, f"{type(raised).__name__}: {raised}"
    if theirs is not None and f"{theirs.dtype.kind}{theirs.dtype.itemsize}" not in KINDS:
        theirs, error = None, f"{theirs.dtype} is no dtype here"
    if (error is None) != (call.get("error") is None):
        return f"here {call.get('error') or 'an array'}, NumPy {error or f'{theirs.dtype} {theirs.shape}'}"
    if error is not None:
        return None
    return compare(call["result"], theirs)


def compare(told, theirs):
    """None if what was read here is what NumPy reads."""
    dtype, shape, text = told["a"]
    mine = np.frombuffer(base64.b64decode(text), dtype=dtype).reshape(shape)
    native = theirs.astype(theirs.dtype.newbyteorder("="))
    if mine.dtype != native.dtype or mine.shape != native.shape:
        return f"here {mine.dtype} {mine.shape}, NumPy {native.dtype} {native.shape}"
    if native.dtype == bool:
        # Any byte but 0 is true.
        mine, native = mine.view(np.uint8) != 0, np.ascontiguousarray(native).view(np.uint8).reshape(native.shape) != 0
    # NaN keeps its bits.
    return None if mine.tobytes() == np.ascontiguousarray(native).tobytes() else f"here {mine}, NumPy {native}"


def judge_archive(call):
    """Of a whole archive NumPy reads what was read here; of a spoiled one it may refuse, but read nothing else."""
    try:
        archive = np.load(io.BytesIO(base64.b64decode(call["archive"])), allow_pickle=False)
    except Exception as raised:  # noqa: BLE001
        return f"NumPy refuses the archive: {type(raised).__name__}: {raised}" if call["whole"] else None
    for name, told in call["arrays"].items():
        try:
            theirs = archive[name]
        except Exception as raised:  # noqa: BLE001
            if call["whole"]:
                return f"{name}: here an array, NumPy {type(raised).__name__}: {raised}"
            continue
        difference = compare(told, theirs)
        if difference is not None:
            return f"{name}: {difference}"
    return None


print("ready", flush=True)
for line in sys.stdin:
    call = json.loads(line)
    print(json.dumps(judge_archive(call) if "archive" in call else judge(call)), flush=True)
