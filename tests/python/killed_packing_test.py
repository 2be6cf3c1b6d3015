"""A set that is being packed may be killed at any moment: the same command goes on with it.

    python3 tests/python/killed_packing_test.py PROGRAMS [--kills 3] [--seed 0]

Packs drawn faces once without a disturbance, in order and shuffled. Then kills fer-data pack -9 at
random moments, and once by SIGTERM, until it comes to its end. The file must be the undisturbed one's,
byte for byte; until then nothing has its name. Needs the standard library alone.
"""

from __future__ import annotations

import argparse
import hashlib
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

IMAGES = 40_000  # 92 MB: smaller sets than 64 MiB are written in one go


def start(program: pathlib.Path, output: pathlib.Path, *words: str) -> subprocess.Popen:
    command = [program, "pack", "--quiet", "--data", f"synthetic:{IMAGES}", *words]
    command += ["--output", output]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen) -> None:
    _, told = process.communicate()
    assert process.returncode == 0, f"exit {process.returncode}: {told}"


def digest(path: pathlib.Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check(program: pathlib.Path, folder: pathlib.Path, words: list[str], kills: int) -> None:
    whole, parts = folder / "whole.safetensors", folder / "parts.safetensors"
    begin = time.monotonic()
    finish(start(program, whole, *words))
    seconds = time.monotonic() - begin
    for i in range(kills + 1):
        process = start(program, parts, *words)
        last = i == kills
        time.sleep(seconds * (0.3 if last else random.uniform(0.05, 0.6)))
        process.send_signal(signal.SIGTERM if last else signal.SIGKILL)
        _, told = process.communicate()
        if process.returncode == 0:
            break
        assert not parts.exists(), "a part has the name of the whole"
        if last:
            assert process.returncode == 130, f"exit {process.returncode}: {told}"
            assert "the same command goes on with it" in told, told
    if not parts.exists():
        finish(start(program, parts, *words))
    assert digest(parts) == digest(whole), f"another file than the undisturbed one: {words}"
    left = sorted(path.name for path in folder.iterdir())
    assert left == ["parts.safetensors", "whole.safetensors"], left
    whole.unlink()
    parts.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    random.seed(options.seed)
    program = options.programs.resolve() / "fer-data"
    for words in (["--threads", "1"], ["--threads", "2", "--shuffle", "--seed", "7"]):
        with tempfile.TemporaryDirectory(prefix="fer-packing-") as folder:
            check(program, pathlib.Path(folder), words, options.kills)
    print("every file is the undisturbed one's", file=sys.stderr)


if __name__ == "__main__":
    main()
