"""What most people said of each face: FER+'s majority (Barsoum et al. 2016)."""

from __future__ import annotations

import csv
import pathlib
from collections.abc import Sequence

from fer2013 import LABELS, USAGES
from records import DetectionError

# The columns of fer2013new.csv and their classes in FER2013; None: no such class.
EMOTIONS = {
    "neutral": "neutral",
    "happiness": "happy",
    "surprise": "surprise",
    "sadness": "sad",
    "anger": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "contempt": None,
    "unknown": None,
    "NF": None,
}
assert {name for name in EMOTIONS.values() if name} == set(LABELS)


def majority_of(votes: Sequence[int]) -> str | None:
    """The class with more than half of the votes; a single vote is taken for a slip."""
    counted = [vote if vote > 1 else 0 for vote in votes]
    most = max(counted)
    if 2 * most <= sum(counted):
        return None
    return list(EMOTIONS.values())[counted.index(most)]


def read_majorities(path: pathlib.Path, split: str) -> list[str | None]:
    """Of the split's faces, in the file's order; None where there is none of FER2013's classes.

    Raises:
        DetectionError: that names file and line.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            missing = [name for name in ("Usage", *EMOTIONS) if name not in (rows.fieldnames or [])]
            if missing:
                raise DetectionError(f"{path}: has no column {missing[0]}; FER+'s votes are needed")
            return [
                majority_of([int(row[name]) for name in EMOTIONS])
                for row in rows
                if row["Usage"].strip().lower() == USAGES[split]
            ]
    except OSError as error:
        raise DetectionError(f"{path}: cannot be read: {error.strerror}") from error
    except (TypeError, ValueError) as error:
        raise DetectionError(f"{path}:{rows.line_num}: votes should be whole numbers") from error
