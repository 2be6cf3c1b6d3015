#!/usr/bin/env python3
"""Trains the ladder's models one after the other, in slices that fit a machine lent by the minute.

    scripts/train_ladder.py --data data/fer2013.csv --minutes 9 [base:0 base:1 base:2 large:0]

A row is CONFIG:SEED, with configs/CONFIG.json. Each call goes on where the last one stopped: rows that are
finished stay, the one that was interrupted goes on from its checkpoint, bit for bit. After --minutes the row
in hand is saved and the script ends with exit code 75 (call it again); with 0 when all rows are finished, 1
when one failed. The data are packed once. Every finished or failed row goes into docs/experiments.csv
(scripts/experiments.py). What is behind -- goes to fer-train as it is. Needs the standard library.
"""

from __future__ import annotations

import argparse
import hashlib
import pathlib
import shlex
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROWS = ("base:0", "base:1", "base:2", "large:0")
INTERRUPTED, AGAIN = 130, 75


def say(text: str) -> None:
    print(f"train_ladder: {text}", file=sys.stderr, flush=True)


def parse_arguments(words: list[str]) -> argparse.Namespace:
    end = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("rows", nargs="*", default=list(ROWS), metavar="CONFIG:SEED")
    parser.add_argument(
        "--data", default=str(ROOT / "data" / "fer2013.csv"), help="default %(default)s"
    )
    parser.add_argument(
        "--minutes", type=float, default=9.0, help="of this call; default %(default)s"
    )
    parser.add_argument("--output", type=pathlib.Path, default=ROOT / "runs" / "ladder")
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    parser.add_argument("--record", type=pathlib.Path, default=ROOT / "docs" / "experiments.csv")
    parser.add_argument("--note", default="", help="machine and date, for the record")
    arguments = parser.parse_args(words[:end])
    arguments.flags = words[end + 1 :]
    for row in arguments.rows:
        config, _, seed = row.partition(":")
        if not seed.isdigit():
            parser.error(f"{row}: a row is CONFIG:SEED, like base:0")
        if not (ROOT / "configs" / f"{config}.json").is_file():
            parser.error(f"{row}: there is no configs/{config}.json")
    return arguments


def run_until(command: list[str], deadline: float) -> int:
    """The program's exit code; at the deadline it is asked to save and stop, and INTERRUPTED told even where it
    was too young to hear."""
    if time.monotonic() >= deadline:
        return INTERRUPTED
    say(shlex.join(command))
    process = subprocess.Popen(command)
    try:
        return process.wait(timeout=max(0.0, deadline - time.monotonic()))
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.send_signal(signal.SIGINT)
        return 0 if process.wait() == 0 else INTERRUPTED


def packed(arguments: argparse.Namespace) -> pathlib.Path:
    """Of this data as it is now: another file, or another state of it, is another pack."""
    state = arguments.data
    if pathlib.Path(arguments.data).exists():
        stat = pathlib.Path(arguments.data).stat()
        state = f"{pathlib.Path(arguments.data).resolve()} {stat.st_size} {stat.st_mtime_ns}"
    path = arguments.output / f"data-{hashlib.sha256(state.encode()).hexdigest()[:16]}.safetensors"
    if not path.is_file():
        command = [
            arguments.programs / "fer-data",
            "pack",
            "--data",
            arguments.data,
            "--output",
            path,
        ]
        if subprocess.run([str(word) for word in command]).returncode != 0:
            sys.exit(f"train_ladder: --data {arguments.data} cannot be packed")
    return path


def command_of(arguments: argparse.Namespace, row: str, data: pathlib.Path) -> list[str]:
    config, seed = row.split(":")
    folder = run_folder(arguments, row)
    program = str(arguments.programs / "fer-train")
    if (folder / "last.ckpt").is_file():
        return [program, "--resume", str(folder)]
    return [
        program,
        "--config",
        str(ROOT / "configs" / f"{config}.json"),
        "--seed",
        seed,
        "--data",
        str(data),
        "--output",
        str(arguments.output),
        "--name",
        row.replace(":", "-"),
        *arguments.flags,
    ]


def run_folder(arguments: argparse.Namespace, row: str) -> pathlib.Path:
    """fer-train numbers its folders; of a row that failed before its first checkpoint there may be several."""
    folders = sorted(
        arguments.output.glob(row.replace(":", "-") + "-[0-9]*"),
        key=lambda path: path.stat().st_mtime,
    )
    return folders[-1] if folders else arguments.output / (row.replace(":", "-") + "-1")


def record(arguments: argparse.Namespace, row: str) -> None:
    folder = run_folder(arguments, row)
    if not (folder / "results.csv").is_file():
        return  # it failed before its first epoch: nothing to report
    command = [
        sys.executable,
        str(ROOT / "scripts" / "experiments.py"),
        str(folder),
        "--output",
        str(arguments.record),
        "--program",
        str(arguments.programs / "fer-train"),
    ]
    if (
        subprocess.run(
            [*command, "--note", arguments.note] if arguments.note else command
        ).returncode
        != 0
    ):
        say(f"{row} is not recorded")


def main() -> int:
    arguments = parse_arguments(sys.argv[1:])
    arguments.output = arguments.output.resolve()
    arguments.output.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + 60.0 * arguments.minutes
    data = packed(arguments)
    failed = []
    for row in arguments.rows:
        finished = arguments.output / (row.replace(":", "-") + ".finished")
        if finished.is_file():
            continue
        code = run_until(command_of(arguments, row, data), deadline)
        if code == INTERRUPTED:
            say(f"{row} is saved; call this again to go on")
            return AGAIN
        record(arguments, row)
        if code == 0:
            finished.touch()
        else:
            say(f"{row} failed with exit code {code}")
            failed.append(row)
    say("all rows are finished" if not failed else "failed: " + ", ".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
