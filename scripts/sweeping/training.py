"""Starts fer-train for one run after the other, and records how each ended."""

from __future__ import annotations

import csv
import pathlib
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from sweeping.plan import Run
from sweeping.records import SweepError, note, write_json

LAST_LINE = re.compile(r"(?P<model>.+) val_accuracy \S+ epoch (?P<epoch>\d+)\b")
SCORES = ("val_accuracy", "val_balanced_accuracy")
VOTE_SCORES = ("val_ferplus_accuracy", "val_ferplus_balanced_accuracy", "val_combined")
INTERRUPTED = 130  # exit code of fer-train and of the sweep


class Stop:
    """Takes Ctrl-C, SIGTERM and SIGHUP: the run in hand is told, saves and ends."""

    def __init__(self) -> None:
        self.asked = False
        self.process: subprocess.Popen | None = None

    def __call__(self, *_: object) -> None:
        self.asked = True
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)

    def listen(self) -> Stop:
        signal.signal(signal.SIGINT, self)
        signal.signal(signal.SIGTERM, self)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # not under nohup
            signal.signal(signal.SIGHUP, self)
        return self


@dataclass(frozen=True)
class End:
    """How a process ended, with the last line it wrote to each stream."""

    code: int
    last_output: str
    last_error: str


def last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2].strip()


def run_process(command: Sequence[str], folder: pathlib.Path, stop: Stop) -> End:
    """Runs fer-train and passes on what it tells on stderr."""
    output = folder / "stdout.txt"
    last_error = ""
    with output.open("w") as stdout:
        # In a new session: otherwise the terminal's Ctrl-C would reach fer-train in addition to the signal from
        # Stop, and fer-train does not save after a second one.
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        stop.process = process
        if stop.asked:  # asked since the last check
            process.send_signal(signal.SIGINT)
        with process.stderr:
            for line in process.stderr:
                sys.stderr.write(line)
                last_error = line.strip() or last_error
        code = process.wait()
        stop.process = None
    return End(code, last_line(output.read_text(errors="replace")), last_error)


def read_result(line: str) -> dict:
    """What a finished run reached, from fer-train's last line and the results.csv it points to."""
    match = LAST_LINE.match(line)
    if match is None:
        raise SweepError(f"its last line should be 'PATH val_accuracy SCORE epoch N', is {line!r}")
    epoch = int(match["epoch"])
    path = pathlib.Path(match["model"]).with_name("results.csv")
    try:
        with path.open(newline="") as file:
            rows = list(csv.DictReader(file))
        best = rows[epoch - 1]
        return {
            "last_line": line,
            "model": match["model"],
            **{score: float(best[score]) for score in SCORES},
            **{score: float(best[score]) for score in VOTE_SCORES if best.get(score)},
            "best_epoch": epoch,
            "epochs": len(rows),
            "seconds": sum(float(row["seconds"]) for row in rows),
        }
    except (OSError, IndexError, KeyError, TypeError, ValueError) as error:
        raise SweepError(f"{path}: has no usable row of epoch {epoch}: {error!r}") from error


def record_failure(run: Run, code: int, error: str) -> None:
    write_json(run.folder / "failed.json", {"exit": code, "error": error})
    note(f"{run.folder.name}: failed (exit {code}): {error}")


def record_success(run: Run, last_output: str) -> None:
    try:
        result = read_result(last_output)
    except SweepError as error:
        record_failure(run, 0, str(error))
        return
    write_json(run.folder / "done.json", result)
    note(
        f"{run.folder.name}: val accuracy {result['val_accuracy'] * 100:.2f} % "
        f"at epoch {result['best_epoch']}"
    )


def train(run: Run, stop: Stop) -> None:
    """Trains, or goes on with, one run, and records how it ended (unless it was interrupted)."""
    command = run.next_command()
    write_json(run.folder / "settings.json", run.settings)
    (run.folder / "failed.json").unlink(missing_ok=True)
    end = run_process(command, run.folder, stop)
    if end.code == 0:
        record_success(run, end.last_output)
    elif stop.asked or end.code in (INTERRUPTED, -signal.SIGINT):
        stop.asked = True
    else:
        record_failure(run, end.code, end.last_error)


def train_all(runs: Sequence[Run], stop: Stop) -> bool:
    """False where it was interrupted before the end."""
    for number, run in enumerate(runs, 1):
        place = f"[{number}/{len(runs)}] {run.folder.name}"
        if run.read("done.json") is not None:
            note(f"{place}: is done")
            continue
        if stop.asked:
            return False
        note(f"{place}: goes on" if run.checkpoint_folder() else place)
        train(run, stop)
    return not stop.asked or all(run.read("done.json") for run in runs)
