"""The measuring behind scripts/bench.sh: contenders take turns, rounds are summed up as medians.

A benchmark is a set of contenders that do the same work and report the same metrics. In every round
each contender runs once, and the order turns by one from round to round, so that a machine that
slows down, or a neighbour that wakes up, hits all of them and not the one that was measured last.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


class BenchmarkError(Exception):
    """A contender failed or did other work than the rest; the message says which and how."""


@dataclass(frozen=True)
class Settings:
    """What every benchmark is given."""

    data: str  # FER2013 as Kaggle's CSV, with the column Usage
    programs: str  # the folder with fer-train, fer-bench, ...
    threads: int
    quick: bool


@dataclass(frozen=True)
class Metric:
    """A number that each contender reports in each round, under `key`."""

    key: str
    title: str
    higher_is_better: bool
    decimals: int


@dataclass(frozen=True)
class Contender:
    name: str
    measure: Callable[[], Mapping[str, float]]  # runs once, in processes of its own
    ours: bool = False


@dataclass(frozen=True)
class Benchmark:
    """`same` names values that all contenders must agree on, or they did not do the same work."""

    name: str
    title: str
    contenders: Sequence[Contender]
    metrics: Sequence[Metric]
    same: Sequence[str] = ()


@dataclass(frozen=True)
class Run:
    """What a finished process printed on stdout, and how long it took from start to exit."""

    stdout: str
    wall_seconds: float


def run_process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """Runs a command to its end.

    Raises:
        BenchmarkError: it could not be started or failed; with the last lines it wrote.
    """
    start = time.perf_counter()
    try:
        process = subprocess.run(
            command, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment
        )
    except OSError as error:
        raise BenchmarkError(f"cannot start {command[0]}: {error.strerror}") from error
    wall_seconds = time.perf_counter() - start
    if process.returncode != 0:
        last_lines = "\n".join((process.stderr or process.stdout).splitlines()[-15:])
        raise BenchmarkError(f"exit {process.returncode} from: {' '.join(command)}\n{last_lines}")
    return Run(process.stdout, wall_seconds)


def last_json(run: Run) -> dict:
    """The object on the last line of stdout, to which `wall_seconds` of the process is added.

    Raises:
        BenchmarkError: the last line is no JSON object.
    """
    line = run.stdout.rstrip("\n").rpartition("\n")[2]
    try:
        return {**json.loads(line), "wall_seconds": run.wall_seconds}
    except (ValueError, TypeError) as error:
        raise BenchmarkError(f"expected a JSON object on the last line, got: {line!r}") from error


def take_rounds(
    benchmark: Benchmark, rounds: int, note: Callable[[str], None]
) -> dict[str, list[dict]]:
    """Measures every contender `rounds` times, interleaved; a list of results a contender.

    Raises:
        BenchmarkError: a contender failed, or two differ in a value of `benchmark.same`.
    """
    results: dict[str, list[dict]] = {contender.name: [] for contender in benchmark.contenders}
    for number in range(rounds):
        turn = number % len(benchmark.contenders)
        for contender in [*benchmark.contenders[turn:], *benchmark.contenders[:turn]]:
            note(f"{benchmark.name}: round {number + 1} of {rounds}: {contender.name}")
            results[contender.name].append(dict(contender.measure()))
    for key in benchmark.same:
        seen = {name: result[key] for name, taken in results.items() for result in taken}
        if len({result[key] for taken in results.values() for result in taken}) > 1:
            raise BenchmarkError(f"{benchmark.name}: contenders differ in '{key}': {seen}")
    return results


def summarise(benchmark: Benchmark, results: Mapping[str, list[dict]]) -> list[dict]:
    """One row a metric and contender: median, smallest, largest, and how many times better ours is.

    `ours_is_better_by` is the ratio of medians turned so that above 1 means ours is better; it is
    None in the rows of our own contenders. Peers come best first.
    """
    rows = []
    for metric in benchmark.metrics:
        taken = {
            name: [result[metric.key] for result in rounds] for name, rounds in results.items()
        }
        medians = {name: statistics.median(values) for name, values in taken.items()}
        ours = [contender.name for contender in benchmark.contenders if contender.ours]
        peers = sorted(
            (contender.name for contender in benchmark.contenders if not contender.ours),
            key=medians.__getitem__,
            reverse=metric.higher_is_better,
        )
        best = (max if metric.higher_is_better else min)(medians[name] for name in ours)
        for name in [*ours, *peers]:
            better = best / medians[name] if metric.higher_is_better else medians[name] / best
            rows.append(
                {
                    "metric": metric.key,
                    "contender": name,
                    "median": medians[name],
                    "min": min(taken[name]),
                    "max": max(taken[name]),
                    "ours_is_better_by": None if name in ours else better,
                }
            )
    return rows


def table(benchmark: Benchmark, rows: Sequence[Mapping]) -> str:
    """The rows of `summarise` as text for a terminal."""
    width = max(len(contender.name) for contender in benchmark.contenders) + 2
    lines = [benchmark.title]
    for metric in benchmark.metrics:
        direction = "higher is better" if metric.higher_is_better else "lower is better"
        lines += [
            "",
            f"  {metric.title} ({direction})",
            f"  {'':{width}}{'median':>10}{'min':>10}{'max':>10}{'ours is better by':>20}",
        ]
        for row in rows:
            if row["metric"] != metric.key:
                continue
            numbers = "".join(f"{row[k]:>10,.{metric.decimals}f}" for k in ("median", "min", "max"))
            ratio = row["ours_is_better_by"]
            lines.append(
                f"  {row['contender']:{width}}{numbers}"
                + ("" if ratio is None else f"{ratio:>18.2f} x")
            )
    return "\n".join(lines)
