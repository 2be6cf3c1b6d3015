#!/usr/bin/env python3
"""Adds finished and broken-off runs to docs/experiments.csv, the record of everything that was tried.

    python3 scripts/experiments.py runs/nano-1 runs/ablation --note "two cores, 2026-11-23"

Takes run folders of fer-train, or folders that hold some anywhere below. A run is a line: what it was
called, what it trained, for how long, with which seed, what its kept epoch reaches on the validation images,
and every option that is not fer-train's default. A line is replaced when its run is added again (same name,
seed and options), so that a run that went on is not told twice. Needs the standard library.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

COLUMNS = (
    "date",
    "name",
    "arch",
    "seed",
    "epochs_planned",
    "epochs_run",
    "kept_epoch",
    "val_accuracy",
    "val_balanced_accuracy",
    "train_loss",
    "minutes",
    "options",
    "note",
)
ROOT = pathlib.Path(__file__).resolve().parent.parent
# Options that are columns of their own, or that do not influence what is learnt.
LEFT_OUT = {"arch", "seed", "epochs", "device", "threads"}


def run_folders(paths: list[pathlib.Path]) -> list[pathlib.Path]:
    found = []
    for path in paths:
        if not path.is_dir():
            sys.exit(f"experiments.py: {path}: no such folder")
        below = [path, *sorted(p for p in path.rglob("*") if p.is_dir())]
        runs = [p for p in below if (p / "results.csv").is_file() and (p / "config.json").is_file()]
        if not runs:
            sys.exit(f"experiments.py: {path}: holds no run (results.csv and config.json)")
        found += runs
    return found


def defaults(fer_train: pathlib.Path) -> dict:
    """The options of a run that was given none: what the program writes down for one."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(
                [
                    fer_train,
                    "--data",
                    "synthetic:70",
                    "--epochs",
                    "1",
                    "--output",
                    folder,
                    "--quiet",
                ],
                check=True,
                capture_output=True,
                text=True,
            )
        except FileNotFoundError:
            sys.exit(
                f"experiments.py: {fer_train}: is not there; build it, or name it with --program"
            )
        except subprocess.CalledProcessError as error:
            sys.exit(f"experiments.py: {fer_train}: {error.stderr.strip()}")
        config = next(pathlib.Path(folder).rglob("config.json"))
        return json.loads(config.read_text())


def line_of(run: pathlib.Path, usual: dict, note: str) -> dict | None:
    config = json.loads((run / "config.json").read_text())
    with open(run / "results.csv", newline="") as file:
        epochs = list(csv.DictReader(file))
    if not epochs:
        return None
    monitor = config.get("monitor", "val_accuracy")
    kept = (min if monitor == "val_loss" else max)(epochs, key=lambda epoch: float(epoch[monitor]))
    options = {
        key: value
        for key, value in sorted(config.items())
        if key not in LEFT_OUT and usual.get(key) != value
    }
    written = datetime.datetime.fromtimestamp(
        (run / "results.csv").stat().st_mtime, datetime.timezone.utc
    )
    parent = run.parent.name
    return {
        "date": written.date().isoformat(),
        "name": f"{parent}/{run.name}" if "seed=" in parent else run.name,
        "arch": config.get("arch", ""),
        "seed": config.get("seed", ""),
        "epochs_planned": config.get("epochs", ""),
        "epochs_run": len(epochs),
        "kept_epoch": kept["epoch"],
        "val_accuracy": f"{100 * float(kept['val_accuracy']):.2f}",
        "val_balanced_accuracy": f"{100 * float(kept['val_balanced_accuracy']):.2f}",
        "train_loss": f"{float(kept['train_loss']):.4f}",
        "minutes": f"{sum(float(epoch['seconds']) for epoch in epochs) / 60:.1f}",
        "options": " ".join(f"{key}={json.dumps(value)}" for key, value in options.items()),
        "note": note,
    }


def key_of(line: dict) -> tuple:
    return tuple(
        str(line[column]) for column in ("name", "arch", "seed", "epochs_planned", "options")
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "runs", nargs="+", type=pathlib.Path, help="run folders, or folders with some below"
    )
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "docs/experiments.csv")
    parser.add_argument(
        "--program", type=pathlib.Path, default=ROOT / "build/release/bin/fer-train"
    )
    parser.add_argument(
        "--note", default="", help="what a reader should know: machine, why it was broken off"
    )
    arguments = parser.parse_args()

    lines = {}
    if arguments.output.is_file():
        with open(arguments.output, newline="") as file:
            lines = {key_of(line): line for line in csv.DictReader(file)}
    before = len(lines)
    usual = defaults(arguments.program)
    added = 0
    for run in run_folders(arguments.runs):
        line = line_of(run, usual, arguments.note)
        if line is None:
            continue
        lines[key_of(line)] = line
        added += 1
    partly = arguments.output.with_suffix(".tmp")
    with open(partly, "w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            sorted(lines.values(), key=lambda line: (line["date"], line["arch"], line["name"]))
        )
    partly.replace(arguments.output)
    print(f"{arguments.output}: {added} runs read, {len(lines) - before} new, {len(lines)} in all")


if __name__ == "__main__":
    main()
