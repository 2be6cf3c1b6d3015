"""Runs the benchmarks of scripts/bench.sh, which makes the environment for it.

A new benchmark is one module with a function `benchmark(settings)` and one line in BENCHMARKS.
"""

from __future__ import annotations

import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import subprocess
import sys

import csv_load
import train
from measure import BenchmarkError, Settings, summarise, table, take_rounds

BENCHMARKS = {"csv": csv_load.benchmark, "train": train.benchmark}
PEERS = ("tensorflow", "keras", "numpy", "pandas")
QUICK_ROWS = {b"Training": 4_000, b"PublicTest": 1_000}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench.sh",
        description="Measures the programs against what people use instead, in turns.",
    )
    parser.add_argument("--data", required=True, help="FER2013 as Kaggle's CSV")
    parser.add_argument("--rounds", type=int, help="times each contender runs (default 3, quick 1)")
    parser.add_argument(
        "--threads",
        type=int,
        default=len(os.sched_getaffinity(0)),
        help="threads of every contender (default: the cores there are, %(default)s)",
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=BENCHMARKS,
        help="this benchmark; may repeat (default all)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="5,000 images: shows that it works, no more"
    )
    parser.add_argument("--json", metavar="FILE", help="write every round and the summary")
    parser.add_argument("--programs", default="build/release/bin", help="default %(default)s")
    arguments = parser.parse_args()
    if arguments.rounds is None:
        arguments.rounds = 1 if arguments.quick else 3
    if arguments.rounds < 1 or arguments.threads < 1:
        parser.error("--rounds and --threads must be at least 1")
    return arguments


def processor() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def vector_extensions() -> list[str]:
    """Those of the CPU's features on which the speed of a matrix product depends."""
    words = set(pathlib.Path("/proc/cpuinfo").read_text().split())
    return [
        name for name in ("avx2", "avx512f", "avx512_bf16", "amx_tile", "asimd") if name in words
    ]


def commit() -> str:
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return described.stdout.strip() or "unknown"


def describe_machine() -> dict:
    return {
        "processor": processor(),
        "extensions": vector_extensions(),
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "python": platform.python_version(),
        "peers": {name: importlib.metadata.version(name) for name in PEERS},
    }


def header(machine: dict, settings: Settings, rounds: int) -> str:
    peers = ", ".join(f"{name} {version}" for name, version in machine["peers"].items())
    return "\n".join(
        [
            f"{machine['date']}  {machine['processor']} ({', '.join(machine['extensions'])}), "
            f"{machine['cores']} cores, load {machine['load_before']}, commit {machine['commit']}",
            f"{settings.data}, {settings.threads} threads, {rounds} interleaved rounds",
            f"against {peers}, Python {machine['python']}",
        ]
    )


def write_quick_data(source: str, target: pathlib.Path) -> str:
    """Copies the header and the first QUICK_ROWS of each Usage; returns the copy's path."""
    left = dict(QUICK_ROWS)
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(source, "rb") as rows, target.open("wb") as copy:
        copy.write(next(rows, b""))
        for row in rows:
            usage = row.rstrip().rpartition(b",")[2]
            if left.get(usage, 0) > 0:
                left[usage] -= 1
                copy.write(row)
    return str(target)


def main() -> None:
    arguments = parse_arguments()
    data = arguments.data
    if arguments.json:
        pathlib.Path(arguments.json).parent.mkdir(parents=True, exist_ok=True)
    if not os.path.isfile(data):
        raise BenchmarkError(f"{data}: no such file; data/README.md says how to get FER2013")
    if arguments.quick:
        data = write_quick_data(data, pathlib.Path(".cache/bench/quick.csv"))
    settings = Settings(data, arguments.programs, arguments.threads, arguments.quick)
    machine = describe_machine()
    print(header(machine, settings, arguments.rounds), flush=True)
    report = {"machine": machine, "data": data, "threads": settings.threads, "benchmarks": []}
    for name in arguments.only or BENCHMARKS:
        benchmark = BENCHMARKS[name](settings)
        rounds = take_rounds(
            benchmark, arguments.rounds, lambda line: print(line, file=sys.stderr, flush=True)
        )
        rows = summarise(benchmark, rounds)
        print("\n" + table(benchmark, rows), flush=True)
        report["benchmarks"].append({"name": name, "summary": rows, "rounds": rounds})
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(report, indent=2) + "\n")


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
