"""What a sweep tells and keeps."""

from __future__ import annotations

import json
import pathlib
import sys


class SweepError(Exception):
    """A mistake in what the user gave, or a run that cannot be understood; says which and how."""


def note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def write_text(path: pathlib.Path, text: str) -> None:
    """A file that is complete or absent."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text)
    part.replace(path)


def write_json(path: pathlib.Path, content: dict) -> None:
    write_text(path, json.dumps(content, indent=2) + "\n")
