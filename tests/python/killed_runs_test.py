"""Training that is killed at any moment and resumed ends as if it had never been killed.

    python3 tests/python/killed_runs_test.py PROGRAMS [--runs 4] [--seed 0]

Trains a small network on drawn faces once without a disturbance. Then trains it again and again: kill
-9 at a random moment, --resume, until the run is done. Each must end with the undisturbed run's best
model, raw weights, checkpoint and results.csv, bit for bit (but for the seconds that epochs took).
Needs the standard library alone.
"""

from __future__ import annotations

import argparse
import csv
import json
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

RECIPE = {
    "arch": "nano",
    "width": 0.25,
    "dropout": 0.2,
    "epochs": 4,
    "batch_size": 16,
    "sides": "24,32",
    "optimizer": "sgd",
    "lr": 0.05,
    "schedule": "onecycle",
    "ema": 0.9,
    "mixup": 0.2,
}
IMAGES = 420
CLOCKS = ("seconds", "images_per_second")  # of results.csv: no two runs have the same
KILLS = 12  # at most a run: it must come to an end


def train(program: pathlib.Path, folder: pathlib.Path, *words: str) -> subprocess.Popen:
    command = [program, "--quiet", "--threads", "1", *words]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )


def finish(process: subprocess.Popen) -> None:
    _, told = process.communicate()
    assert process.returncode == 0, f"exit {process.returncode}: {told}"


def tensors_of(path: pathlib.Path) -> tuple[dict, bytes]:
    """A safetensors file without the seconds that its metadata and state hold."""
    content = path.read_bytes()
    length = int.from_bytes(content[:8], "little")
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    return header, content[8 + length :]


def results_of(path: pathlib.Path) -> list[dict]:
    with path.open(newline="") as file:
        return [
            {name: value for name, value in row.items() if name not in CLOCKS}
            for row in csv.DictReader(file)
        ]


def outcome(run: pathlib.Path) -> dict:
    assert not list(run.glob("*.next")), "a better model was left staged"
    names = ("best.safetensors", "best-raw.safetensors", "last.ckpt")
    return {
        **{name: tensors_of(run / name) for name in names},
        "results.csv": results_of(run / "results.csv"),
    }


def undisturbed(program: pathlib.Path, folder: pathlib.Path) -> tuple[dict, float]:
    """What a run ends with, and how many seconds it takes."""
    start = time.monotonic()
    finish(train(program, folder, *start_words("whole")))
    return outcome(folder / "runs/whole-1"), time.monotonic() - start


def start_words(name: str) -> list[str]:
    return ["--config", "recipe.json", "--data", f"synthetic:{IMAGES}", "--output", "runs", "--name", name]


def killed(program: pathlib.Path, folder: pathlib.Path, name: str, moments, seconds: float) -> int:
    """Trains to the end in spite of kills; how many there were."""
    run = folder / f"runs/{name}-1"
    for kills in range(KILLS):
        resumable = (run / "last.ckpt").is_file()
        if run.exists() and not resumable:  # killed before its first checkpoint: a run to begin anew
            shutil.rmtree(run)
        words = ["--resume", f"runs/{name}-1"] if resumable else start_words(name)
        process = train(program, folder, *words)
        try:
            _, told = process.communicate(timeout=moments.uniform(0.2, seconds))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
            continue
        assert process.returncode == 0, f"{name}: exit {process.returncode}: {told}"
        return kills
    resumable = (run / "last.ckpt").is_file()
    finish(train(program, folder, *(["--resume", f"runs/{name}-1"] if resumable else start_words(name))))
    return KILLS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0, help="of the moments at which runs are killed")
    arguments = parser.parse_args()
    program = arguments.programs.resolve() / "fer-train"
    moments = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "recipe.json").write_text(json.dumps(RECIPE))
        expected, seconds = undisturbed(program, folder)
        kills = 0
        for number in range(arguments.runs):
            kills += killed(program, folder, f"killed{number}", moments, 0.9 * seconds)
            ended = outcome(folder / f"runs/killed{number}-1")
            for part, value in expected.items():
                assert ended[part] == value, f"run {number}: {part} differs from the undisturbed one's"
    print(f"{arguments.runs} runs, killed {kills} times: all ended as the undisturbed one")
    return 0


if __name__ == "__main__":
    sys.exit(main())
