"""The measuring behind scripts/bench.sh: contenders take turns, rounds are summed up as medians.

A benchmark is a set of contenders that do the same work and report the same metrics. In every round
each contender runs once, and the order turns by one from round to round, so that a machine that
slows down, or a neighbour that wakes up, hits all of them and not the one that was measured last.
"""

from __future__ import annotations

import importlib.util
import json
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal


class BenchmarkError(Exception):
    """A contender failed or did other work than the rest; the message says which and how."""


class NothingToMeasure(Exception):
    """What a benchmark needs is not on this machine; the others go on."""


class CannotRun(BenchmarkError):
    """A process could not be started or failed. Where it is a peer's, the others go on."""


@dataclass(frozen=True)
class Settings:
    """What every benchmark is given."""

    data: str  # FER2013 as Kaggle's CSV, with the column Usage
    programs: str  # the folder with fer-train, fer-bench, ...
    threads: int
    quick: bool
    limit_minutes: float  # how long a peer may take to reach an accuracy
    clip: str | None = None  # a video; none: the shared one


@dataclass(frozen=True)
class Metric:
    """A number that each contender reports in each round, under `key`."""

    key: str
    title: str
    higher_is_better: bool
    decimals: int


@dataclass(frozen=True)
class Contender:
    """Peers of one `family` are several ways to use one thing; the fastest of them counts.

    One contender is "ours", which the ratios compare with. One "beside" it is ours too, but does
    something that no peer does, so that no ratio is given, and may lack a metric. A peer that `needs` a module that is not
    installed is left out.
    """

    name: str
    measure: Callable[[], Mapping[str, Any]]  # runs once, in processes of its own
    role: Literal["ours", "beside", "peer"] = "peer"
    family: str = ""
    needs: Sequence[str] = ()


@dataclass(frozen=True)
class Benchmark:
    """`same` names values that all contenders must agree on, or they did not do the same work."""

    name: str
    title: str
    contenders: Sequence[Contender]
    metrics: Sequence[Metric]
    same: Sequence[str] = ()
    rounds: int = 3  # unless --rounds is given


@dataclass(frozen=True)
class Run:
    """What a finished process printed on stdout, how long it took, and its most resident memory."""

    stdout: str
    wall_seconds: float
    peak_mebibytes: float


@dataclass
class Rounds:
    """A list of results a contender, and why those that could not run are missing."""

    results: dict[str, list[dict]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


def run_process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> Run:
    """Runs a command to its end.

    Raises:
        CannotRun: it could not be started or failed; with the last lines it wrote.
    """
    # Files instead of pipes: nobody would empty pipes while wait4 waits, which is needed for the memory used.
    with tempfile.TemporaryFile("w+") as stdout, tempfile.TemporaryFile("w+") as stderr:
        start = time.perf_counter()
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=environment
            )
        except OSError as error:
            raise CannotRun(f"cannot start {command[0]}: {error.strerror}") from error
        _, status, usage = os.wait4(process.pid, 0)
        wall_seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        stdout.seek(0)
        stderr.seek(0)
        printed, complaints = stdout.read(), stderr.read()
    if process.returncode != 0:
        last_lines = "\n".join((complaints or printed or "it said nothing").splitlines()[-15:])
        raise CannotRun(f"exit {process.returncode} from: {' '.join(command)}\n{last_lines}")
    return Run(printed, wall_seconds, usage.ru_maxrss / 1024)


def last_json(run: Run) -> dict:
    """The object on the last line of stdout, to which `wall_seconds` of the process is added.

    Raises:
        BenchmarkError: the last line is not a JSON object.
    """
    line = run.stdout.rstrip("\n").rpartition("\n")[2]
    try:
        return {**json.loads(line), "wall_seconds": run.wall_seconds}
    except (ValueError, TypeError) as error:
        raise BenchmarkError(f"expected a JSON object on the last line, got: {line!r}") from error


def last_line(error: CannotRun) -> str:
    return str(error).rstrip().rpartition("\n")[2].strip()


def missing_modules(needed: Sequence[str]) -> list[str]:
    return [name for name in needed if importlib.util.find_spec(name) is None]


def require(*modules: str) -> None:
    """Raises NothingToMeasure where one of these is not installed."""
    if missing := missing_modules(modules):
        raise NothingToMeasure(f"needs {', '.join(missing)}, which is not installed")


def why_left_out(contender: Contender, unwanted: Sequence[str]) -> str:
    if contender.name in unwanted:
        return "is not wanted (--leave-out)"
    missing = missing_modules(contender.needs)
    return f"needs {', '.join(missing)}, which is not installed" if missing else ""


def leave_out(
    benchmark: Benchmark, taken: Rounds, note: Callable[[str], None], unwanted: Sequence[str]
) -> None:
    for contender in benchmark.contenders:
        if why := why_left_out(contender, unwanted):
            note(f"{contender.name} is left out: {why}")
            taken.failures[contender.name] = why
            del taken.results[contender.name]


def take_rounds(
    benchmark: Benchmark,
    rounds: int,
    note: Callable[[str], None],
    strict: bool = False,
    unwanted: Sequence[str] = (),
) -> Rounds:
    """Measures every contender `rounds` times, interleaved. A peer that cannot run is left out.

    Raises:
        BenchmarkError: one of ours failed, or two differ in a value of `benchmark.same`; if `strict`,
            a peer failed, too.
    """
    taken = Rounds({contender.name: [] for contender in benchmark.contenders})
    leave_out(benchmark, taken, note, unwanted)
    for number in range(rounds):
        turn = number % len(benchmark.contenders)
        for contender in [*benchmark.contenders[turn:], *benchmark.contenders[:turn]]:
            if contender.name in taken.failures:
                continue
            note(f"{benchmark.name}: round {number + 1} of {rounds}: {contender.name}")
            try:
                taken.results[contender.name].append(dict(contender.measure()))
            except CannotRun as error:
                if contender.role != "peer" or strict:
                    raise
                note(f"{contender.name} is left out: {error}")
                taken.failures[contender.name] = last_line(error)
                del taken.results[contender.name]
    check_same(benchmark, taken.results)
    return taken


def check_same(benchmark: Benchmark, results: Mapping[str, list[dict]]) -> None:
    for key in benchmark.same:
        seen = {name: result[key] for name, taken in results.items() for result in taken}
        if len({result[key] for taken in results.values() for result in taken}) > 1:
            raise BenchmarkError(f"{benchmark.name}: contenders differ in '{key}': {seen}")


def summarise(benchmark: Benchmark, results: Mapping[str, list[dict]]) -> list[dict]:
    """One row a metric and contender: median, smallest, largest, and how many times better ours is.

    `ours_is_better_by` is the ratio of medians turned so that above 1 means ours is better; it is
    None in the rows of our own contenders. `counts` is true for the best of each family. Peers come
    best first.
    """
    return [
        row
        for metric in benchmark.metrics
        for row in summarise_metric(metric, benchmark.contenders, results)
    ]


def summarise_metric(
    metric: Metric, contenders: Sequence[Contender], results: Mapping[str, list[dict]]
) -> list[dict]:
    taken = {
        name: [result[metric.key] for result in rounds]
        for name, rounds in results.items()
        if all(metric.key in result for result in rounds)
    }
    medians = {name: statistics.median(values) for name, values in taken.items()}
    ran = [contender for contender in contenders if contender.name in taken]
    reference = next(medians[contender.name] for contender in ran if contender.role == "ours")
    peers = sorted(
        (contender for contender in ran if contender.role == "peer"),
        key=lambda contender: medians[contender.name],
        reverse=metric.higher_is_better,
    )
    rows, families = [], set()
    for contender in [*(c for c in ran if c.role != "peer"), *peers]:
        median = medians[contender.name]
        better = reference / median if metric.higher_is_better else median / reference
        family = contender.family or contender.name
        rows.append(
            {
                "metric": metric.key,
                "contender": contender.name,
                "role": contender.role,
                "family": family,
                "median": median,
                "min": min(taken[contender.name]),
                "max": max(taken[contender.name]),
                "ours_is_better_by": better if contender.role == "peer" else None,
                "counts": contender.role == "peer" and family not in families,
            }
        )
        families.add(family)
    return rows


def verdict(row: Mapping, rows: Sequence[Mapping]) -> str:
    """The last column of a table: the ratio, or what a row of ours is for."""
    if row["role"] != "peer":
        return "compared" if row["role"] == "ours" else "not compared"
    ratio = f"{row['ours_is_better_by']:.2f} x"
    variants = [r for r in rows if (r["metric"], r["family"]) == (row["metric"], row["family"])]
    return f"{ratio}, the best {row['family']}" if row["counts"] and len(variants) > 1 else ratio


def direction(metric: Metric) -> str:
    return "higher is better" if metric.higher_is_better else "lower is better"


def table(benchmark: Benchmark, rows: Sequence[Mapping], failures: Mapping[str, str]) -> str:
    """The rows of `summarise` as text for a terminal."""
    width = max(len(contender.name) for contender in benchmark.contenders) + 2
    lines = [benchmark.title]
    for metric in benchmark.metrics:
        lines += [
            "",
            f"  {metric.title} ({direction(metric)})",
            f"  {'':{width}}{'median':>10}{'min':>10}{'max':>10}   ours is better by",
        ]
        for row in rows:
            if row["metric"] != metric.key:
                continue
            numbers = "".join(f"{row[k]:>10,.{metric.decimals}f}" for k in ("median", "min", "max"))
            lines.append(f"  {row['contender']:{width}}{numbers}   {verdict(row, rows)}")
    lines += [f"\n  {name} could not run: {why}" for name, why in failures.items()]
    return "\n".join(lines)
