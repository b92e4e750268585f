"""Runs a function of a TypeScript module over every chunk of a Zarr array, by Dask: one task a chunk.

    python3 run.py anomaly.ts anomaly in.zarr out.zarr --args '{"mean": 15, "std": 8}' --workers 2

Each worker process of Dask starts one `nbytes worker`, and hands it one chunk after the other through a pipe. Where such a
process ends while it works, Dask runs the task again: a chunk is written under a temporary name, so that it is whole or
not there, and whoever writes it a second time writes the same. Prints what the function said of each chunk, as JSON.
"""
import argparse
import itertools
import json
import shlex
import subprocess
import sys

import zarr
from distributed import Client, LocalCluster, as_completed, get_worker


def run_task(command, task):
    """Hands a task to the `nbytes worker` of this Dask worker, and waits for its answer."""
    here = get_worker()
    process = getattr(here, "nbytes_worker", None)
    if process is None or process.poll() is not None:
        process = here.nbytes_worker = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
    except BrokenPipeError:
        line = ""
    if not line:
        here.nbytes_worker = None
        # Dask tries again, on this worker or on another.
        raise RuntimeError(f"nbytes worker {process.pid} ended with {process.wait()} at chunk {task['chunk']}")
    return json.loads(line)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("module", "function", "source", "target"):
        parser.add_argument(name)
    parser.add_argument("--args", type=json.loads, default=None, help="what the function is told besides, as JSON")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--nbytes", default="npx nbytes", help="how the command line is called")
    parser.add_argument("--scheduler", help="the address of a Dask scheduler, instead of one on this machine")
    given = parser.parse_args()

    z = zarr.open(given.source, mode="r")
    zarr.open(given.target, mode="w", shape=z.shape, chunks=z.chunks, dtype="float32", compressor=z.compressor)
    tasks = [
        {"id": n, "function": given.function, "in": given.source, "out": given.target, "chunk": chunk, "args": given.args}
        for n, chunk in enumerate(itertools.product(*map(range, z.cdata_shape)))
    ]
    command = [*shlex.split(given.nbytes), "worker", given.module]
    cluster = given.scheduler or LocalCluster(n_workers=given.workers, threads_per_worker=1, dashboard_address=None)
    with Client(cluster) as client:
        # Pure tasks of equal arguments would be one.
        futures = client.map(run_task, [command] * len(tasks), tasks, pure=False, retries=5)
        for n, _ in enumerate(as_completed(futures), 1):
            print(f"\r{n} of {len(tasks)} chunks", end="\n" if n == len(tasks) else "", file=sys.stderr, flush=True)
        answers = client.gather(futures)
    if not given.scheduler:
        cluster.close()
    failed = [answer for answer in answers if "error" in answer]
    if failed:
        sys.exit(f"{len(failed)} chunks failed, the first with {failed[0]['error']}")
    print(json.dumps({"values": [a["value"] for a in answers], "peak": max(a["peak"] for a in answers)}))


if __name__ == "__main__":
    main()
