"""Runs the benchmarks of scripts/bench.sh, which makes the environment for it.

A new benchmark is one module with a function `benchmark(settings)` and one line in BENCHMARKS.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import pathlib
import sys

import clip
import csv_load
import folder
import infer
import inputs
import load
import machine
import ranks
import record
import serve
import start
import time_to_accuracy
import train
from measure import (
    Benchmark,
    BenchmarkError,
    NothingToMeasure,
    Rounds,
    Settings,
    direction,
    summarise,
    table,
    take_rounds,
)

LONG = "time-to-accuracy"
BENCHMARKS = {
    "csv": csv_load.benchmark,
    "train": train.benchmark,
    "infer": infer.benchmark,
    "infer-avx2": infer.benchmark_avx2,
    "infer-auto": infer.benchmark_as_it_comes,
    "start": start.benchmark,
    "folder": folder.benchmark,
    "clip": clip.benchmark,
    "load": load.benchmark,
    "serve": serve.benchmark,
    "ranks": ranks.benchmark,
    LONG: time_to_accuracy.benchmark,
}
QUICK_ROWS = {b"Training": 4_000, b"PublicTest": 1_000}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bench.sh",
        description="Measures the programs against what people use instead, in turns.",
    )
    parser.add_argument("--data", required=True, help="FER2013 as Kaggle's CSV")
    parser.add_argument("--rounds", type=int, help="times each contender runs (quick: 1)")
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
        help=f"this benchmark; may repeat (default all but {LONG})",
    )
    parser.add_argument(
        "--quick", action="store_true", help="5,000 images: shows that it works, no more"
    )
    parser.add_argument(f"--{LONG}", action="store_true", help=f"{LONG}, too, which is long")
    parser.add_argument(
        "--limit-minutes",
        type=float,
        default=40,
        help=f"how long a peer may take for {LONG} (default %(default)s)",
    )
    parser.add_argument("--json", metavar="FILE", help="write every round and the summary")
    parser.add_argument(
        "--record", action="store_true", help=f"put the results into {record.RECORD} and its page"
    )
    parser.add_argument("--programs", default="build/release/bin", help="default %(default)s")
    parser.add_argument(
        "--strict", action="store_true", help="a peer that is installed and fails is an error"
    )
    parser.add_argument(
        "--leave-out", metavar="CONTENDER", action="append", default=[], help="a peer; may repeat"
    )
    parser.add_argument("--cache", default=str(inputs.CACHE), help="default %(default)s")
    parser.add_argument(
        "--clip",
        help="the video of clip (default: data/photos/clip.mp4 in FER_SHARED or ../shared)",
    )
    arguments = parser.parse_args()
    if arguments.threads < 1 or (arguments.rounds is not None and arguments.rounds < 1):
        parser.error("--rounds and --threads must be at least 1")
    if arguments.quick and arguments.record:
        parser.error("--record: what --quick measures says too little to be kept")
    return arguments


def chosen_benchmarks(arguments: argparse.Namespace) -> list[str]:
    names = arguments.only or [name for name in BENCHMARKS if name != LONG]
    if arguments.time_to_accuracy and LONG not in names:
        names = [*names, LONG]
    return names


def choose_rounds(arguments: argparse.Namespace, benchmark: Benchmark) -> int:
    return arguments.rounds or (1 if arguments.quick else benchmark.rounds)


def entry(benchmark: Benchmark, taken: Rounds, rows: list[dict]) -> dict:
    return {
        "name": benchmark.name,
        "title": benchmark.title,
        "metrics": [
            {**dataclasses.asdict(metric), "direction": direction(metric)}
            for metric in benchmark.metrics
        ],
        "summary": rows,
        "failures": taken.failures,
        "rounds": taken.results,
    }


def run_benchmark(name: str, settings: Settings, arguments: argparse.Namespace) -> dict:
    """Takes the rounds of one benchmark and prints its table."""
    benchmark = BENCHMARKS[name](settings)
    rounds = choose_rounds(arguments, benchmark)
    taken = take_rounds(
        benchmark,
        rounds,
        lambda line: print(line, file=sys.stderr, flush=True),
        arguments.strict,
        arguments.leave_out,
    )
    rows = summarise(benchmark, taken.results)
    print(f"\n{table(benchmark, rows, taken.failures)}\n  rounds: {rounds}, in turns", flush=True)
    return entry(benchmark, taken, rows)


def main() -> None:
    arguments = parse_arguments()
    data = arguments.data
    inputs.CACHE = pathlib.Path(arguments.cache)
    if arguments.json:
        pathlib.Path(arguments.json).parent.mkdir(parents=True, exist_ok=True)
    if not os.path.isfile(data):
        raise BenchmarkError(f"{data}: no such file; data/README.md says how to get FER2013")
    if arguments.quick:
        data = inputs.write_subset(data, "quick.csv", QUICK_ROWS)
    settings = Settings(
        data,
        arguments.programs,
        arguments.threads,
        arguments.quick,
        arguments.limit_minutes,
        arguments.clip,
    )
    about = machine.describe()
    print(machine.summary(about), f"{data}, {settings.threads} threads", sep="\n", flush=True)
    report = {"machine": about, "data": data, "threads": settings.threads, "benchmarks": []}
    for name in chosen_benchmarks(arguments):
        try:
            report["benchmarks"].append(run_benchmark(name, settings, arguments))
        except NothingToMeasure as reason:
            print(f"\nskipped: {name}: {reason}", flush=True)
            continue
        # Written after each benchmark, so that a later failure loses nothing.
        if arguments.json:
            pathlib.Path(arguments.json).write_text(json.dumps(report, indent=2) + "\n")
        if arguments.record:
            record.add(report, list(BENCHMARKS))


if __name__ == "__main__":
    try:
        main()
    except BenchmarkError as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
