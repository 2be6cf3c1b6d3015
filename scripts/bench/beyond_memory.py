"""How much memory the programs take for a set of more faces than are to be in memory.

    python3 scripts/bench/beyond_memory.py [PROGRAMS] [--faces 2000000] [--steps 500] [--most 1.5]

Draws the faces into a packed file in a drawn order, checks it, trains the first steps of an epoch of
it, and evaluates the model on its test images. Prints the peak of the resident memory of each program
and the time it took, as a table of Markdown. Exit code 1 where one takes more than --most GB.

2,000,000 faces take 4.7 GB on the disk, in --folder (.cache/beyond-memory), which is removed at the end
unless --keep says otherwise. Needs the standard library alone.
"""

from __future__ import annotations

import argparse
import datetime
import os
import pathlib
import platform
import shutil
import subprocess
import sys
import time


def run(program: pathlib.Path, *words: object) -> tuple[float, float]:
    """Seconds, and GB that were resident at most."""
    command = [str(program), *map(str, words)]
    print("$ " + " ".join([program.name, *command[1:]]), file=sys.stderr, flush=True)
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{program.name} ended with exit code {process.returncode}")
    return time.monotonic() - start, usage.ru_maxrss * 1024 / 1e9


def processor() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("programs", nargs="?", default="build/release/bin", type=pathlib.Path)
    parser.add_argument("--faces", type=int, default=2_000_000)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--most", type=float, default=1.5, help="GB that a program may take")
    parser.add_argument("--folder", type=pathlib.Path, default=".cache/beyond-memory")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()

    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    faces, runs = folder / "faces.safetensors", folder / "runs"
    faces.unlink(missing_ok=True)
    shutil.rmtree(runs, ignore_errors=True)
    quiet = ("--quiet", "--log-level", "error")
    programs = options.programs
    rows = []
    try:
        pack = ["pack", *quiet, "--data", f"synthetic:{options.faces}", "--shuffle"]
        pack += ["--output", faces]
        rows.append(("draws and packs them, shuffled", *run(programs / "fer-data", *pack)))
        size = faces.stat().st_size / 1e9
        rows.append(("checks them", *run(programs / "fer-data", "check", *quiet, "--data", faces)))
        train = ["--arch", "nano", "--batch-size", 32, "--epochs", 1, "--output", runs]
        train += ["--steps-per-epoch", options.steps]
        title = f"trains `nano`, {options.steps} steps of 32, and validates"
        rows.append((title, *run(programs / "fer-train", *quiet, "--data", faces, *train)))
        model = next(runs.glob("*/best.safetensors"))
        evaluate = ("--model", model, "--split", "test")
        evaluated = run(programs / "fer-eval", *quiet, "--data", faces, *evaluate)
        rows.append(("evaluates it on test", *evaluated))
    finally:
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)

    print(f"{options.faces:,} faces, {size:.1f} GB packed; {datetime.date.today()}, {processor()},")
    print(f"{len(os.sched_getaffinity(0))} cores\n")
    print("| what a program does | GB at most | minutes |\n| --- | ---: | ---: |")
    for title, seconds, memory in rows:
        print(f"| {title} | {memory:.2f} | {seconds / 60:.1f} |")
    over = [title for title, _, memory in rows if memory > options.most]
    if over:
        sys.exit(f"more than {options.most} GB: {', '.join(over)}")


if __name__ == "__main__":
    main()
