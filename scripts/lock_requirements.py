#!/usr/bin/env python3
"""Writes the locks that pip installs from: each package's version, and the SHA-256 of every file that may be
taken for it, on any system and for any Python from 3.11 on.

    scripts/lock_requirements.py [--torch-wheel FILE]...

Needs uv on the PATH (python3 -m pip install uv). --torch-wheel adds the hash of a file that is not where pip
looks here, PyTorch's builds for the CPU alone, say; hashes that such files gave the lock before stay.
"""

import argparse
import hashlib
import pathlib
import re
import subprocess
import sys

SCRIPTS = pathlib.Path(__file__).resolve().parent
HASH = re.compile(r"--hash=(sha256:[0-9a-f]{64})")
# Packages that only the CUDA build of PyTorch needs, some GB; scripts/lib.sh installs them for that build.
CUDA = ("nvidia-", "cuda-", "triton")
HEAD = """# {what}, with the SHA-256 of every file that pip may take for it on any system.
# Made by scripts/lock_requirements.py.
"""


def locked(requirements: pathlib.Path) -> dict[str, list[str]]:
    """Hashes by pinned requirement: "torch==2.13.0" or "networkx==3.6.1 ; python_full_version < '3.12'"."""
    words = ["uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    words += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
    words += ["--no-emit-find-links", str(requirements)]
    found = subprocess.run(words, capture_output=True, text=True)
    if found.returncode != 0:
        sys.exit(f"lock_requirements: error: {found.stderr.strip()}")
    text = found.stdout.replace("\\\n", "")
    return {line.partition(" --hash")[0].strip(): HASH.findall(line) for line in text.splitlines()}


def write(path: pathlib.Path, what: str, pins: dict[str, list[str]]) -> None:
    lines = [" \\\n    ".join([pin, *(f"--hash={each}" for each in pins[pin])]) for pin in pins]
    path.write_text(HEAD.format(what=what) + "\n".join(lines) + "\n")
    print(f"{path.name}: {len(pins)} packages")


def hashes_before(path: pathlib.Path, pin: str) -> list[str]:
    if not path.exists():
        return []
    for line in path.read_text().replace("\\\n", "").splitlines():
        if line.startswith(pin + " "):
            return HASH.findall(line)
    return []


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--torch-wheel", action="append", type=pathlib.Path, default=[], metavar="FILE"
    )
    wheels = parser.parse_args().torch_wheel
    torch = locked(SCRIPTS / "requirements.txt")
    lock = SCRIPTS / "requirements.lock.txt"
    (pin,) = [pin for pin in torch if pin.startswith("torch==")]
    more = ["sha256:" + hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in wheels]
    torch[pin] = sorted({*torch[pin], *hashes_before(lock, pin), *more})
    cuda = {pin: torch.pop(pin) for pin in list(torch) if pin.startswith(CUDA)}
    write(lock, "scripts/requirements.txt, and all that it needs", torch)
    write(SCRIPTS / "requirements-cuda.lock.txt", "What PyTorch's CUDA build needs besides", cuda)
    for name in ("requirements-test", "requirements-serve"):
        what = f"scripts/{name}.txt, and all that it needs"
        write(SCRIPTS / f"{name}.lock.txt", what, locked(SCRIPTS / f"{name}.txt"))


if __name__ == "__main__":
    main()
