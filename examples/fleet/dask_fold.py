#!/usr/bin/python3
"""The fold of host files, made by a Dask cluster: dask_fold.py FLEET.ndjson HOST-FILE...

Each file is profiled on some worker, and folds are folded where they are, eight at a time: what comes back is one fold.
DASK_SCHEDULER is the address of a scheduler (tcp://10.0.0.5:8786), whose workers have the command and the files;
without it, a scheduler and WORKERS processes (default 2) run on this machine.
"""
import os
import subprocess
import sys

from distributed import Client, LocalCluster

COMMAND = os.environ.get("VIRT_MIGRATABLE", "virt-migratable").split()
AT_ONCE = 8


def run(words, text=None):
    done = subprocess.run([*COMMAND, *words, "--quiet"], input=text, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout


def fold(*parts):
    return run(["fold"], "".join(parts))


def profiles(*paths):
    return fold(run(["profile", *paths]))


def batches(items):
    return [items[at : at + AT_ONCE] for at in range(0, len(items), AT_ONCE)]


def folded(client, paths):
    folds = [client.submit(profiles, *batch) for batch in batches(paths)]
    while len(folds) > 1:
        folds = [client.submit(fold, *batch) for batch in batches(folds)]
    return folds[0].result()


def main(target, *paths):
    scheduler = os.environ.get("DASK_SCHEDULER")
    workers = int(os.environ.get("WORKERS", "2"))
    cluster = scheduler or LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
    with Client(cluster) as client:
        result = folded(client, paths)
    with open(f"{target}.part", "w", encoding="utf-8") as file:
        file.write(result)
    os.replace(f"{target}.part", target)


if __name__ == "__main__":
    main(*sys.argv[1:])
