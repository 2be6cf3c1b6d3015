"""What the measurement tells and keeps."""

from __future__ import annotations

import json
import os
import pathlib
import sys
from collections.abc import Callable
from typing import Any, BinaryIO


class DetectionError(Exception):
    """A mistake in what the user gave, or a program that failed; says which and what to do."""


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def write_file(path: pathlib.Path, write: Callable[[BinaryIO], object]) -> None:
    """A file that is complete or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            write(file)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_text(path: pathlib.Path, text: str) -> None:
    write_file(path, lambda file: file.write(text.encode()))


def write_json(path: pathlib.Path, content: Any) -> None:
    write_text(path, json.dumps(content, indent=1) + "\n")


def read_json(path: pathlib.Path) -> Any:
    """None where there is no such file."""
    try:
        return json.loads(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise DetectionError(f"{path}: is not valid JSON: {error}; remove it") from error
