"""Runs the scan and its peers on the same corpora, whole processes in turns, and prints ratios.

Usage: ratio.py RELEASE_FOLDER CORPORA_FOLDER RUNS [WITHOUT]... where WITHOUT is a peer to leave out.
"""

import os
import resource
import statistics
import subprocess
import sys
import time

# The question that all of them answer: S3's data events by bucket and event. `trailproof logs` tells more.
ASKED = "the question"
HERE = os.path.dirname(os.path.abspath(__file__))


def commands(release, folder):
    python = [sys.executable]
    return {
        "decompression": [f"{release}/decompress", folder, "2"],
        ASKED: [f"{release}/counted", folder, "2"],
        "all of logs": [f"{release}/delivered", folder, "2"],
        "zlib, one thread": [*python, f"{HERE}/with_zlib.py", folder],
        "one thread": [f"{release}/counted", folder, "1"],
        "orjson": [*python, f"{HERE}/with_orjson.py", folder],
        "chdb": [*python, f"{HERE}/with_chdb.py", folder],
        "duckdb": [*python, f"{HERE}/with_duckdb.py", folder],
        "jq": ["sh", f"{HERE}/with_jq.sh", folder],
    }


def run(command):
    """Wall time, processor time, peak memory in MB, and what was written."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - start
    if status:
        sys.exit(f"{command}: ended with status {status}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, usage.ru_maxrss / 1024, output


def main(release, corpora, runs, *without):
    for corpus in sorted(os.listdir(corpora)):
        every = commands(release, os.path.join(corpora, corpus))
        names = [name for name in every if name not in without]
        measured = {name: [] for name in names}
        outputs = {}
        for _ in range(int(runs)):
            for name in names:
                *numbers, output = run(every[name])
                measured[name].append(numbers)
                if name not in ("decompression", "zlib, one thread"):
                    outputs[name] = sorted(output.decode().split())
        wrong = [name for name in outputs if outputs[name] != outputs[ASKED]]
        if wrong:
            sys.exit(f"corpus {corpus}: {wrong} count otherwise than the scan")
        best = {name: [min(column) for column in zip(*rows)] for name, rows in measured.items()}
        spread = {
            name: statistics.median(row[0] for row in rows) for name, rows in measured.items()
        }
        print(f"corpus {corpus}, best of {runs}, whole processes; 1 is the question on two threads")
        print(f"{'':18}{'wall':>8}{'median':>8}{'cpu':>8}{'peak MB':>9}")
        for name in names:
            wall, cpu, peak = best[name]
            print(
                f"{name:18}{wall / best[ASKED][0]:8.2f}{spread[name] / spread[ASKED]:8.2f}"
                f"{cpu / best[ASKED][1]:8.2f}{peak:9.0f}"
            )
        print(flush=True)


main(*sys.argv[1:])
