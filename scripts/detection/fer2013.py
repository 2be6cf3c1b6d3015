"""The faces of one split of FER2013's CSV."""

from __future__ import annotations

import csv
import hashlib
import pathlib
from dataclasses import dataclass

import numpy as np

from records import DetectionError

FACE_SIDE = 48
LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
USAGES = {"train": "training", "val": "publictest", "test": "privatetest"}
COLUMNS = ("emotion", "pixels", "usage")


@dataclass(frozen=True)
class FaceTable:
    """In the file's order, which is also the order of fer-eval's predictions."""

    images: np.ndarray  # uint8 [N,48,48]
    labels: list[str]

    def __len__(self) -> int:
        return len(self.labels)

    def fingerprint(self) -> str:
        digest = hashlib.sha256(self.images.tobytes())
        digest.update(" ".join(self.labels).encode())
        return digest.hexdigest()


def read_image(text: str, place: str) -> np.ndarray:
    try:
        values = np.array(text.split(), dtype=np.int64)
    except (ValueError, OverflowError):
        raise DetectionError(f"{place}: 'pixels' holds something other than a number") from None
    if values.size != FACE_SIDE**2 or values.min() < 0 or values.max() > 255:
        raise DetectionError(f"{place}: 'pixels' should be {FACE_SIDE**2} numbers from 0 to 255")
    return values.astype(np.uint8).reshape(FACE_SIDE, FACE_SIDE)


def read_label(text: str, place: str) -> str:
    if not text.strip().isdecimal() or int(text) >= len(LABELS):
        raise DetectionError(f"{place}: 'emotion' is {text!r}; allowed: 0 to {len(LABELS) - 1}")
    return LABELS[int(text)]


def read_rows(path: pathlib.Path, split: str) -> FaceTable:
    images, labels = [], []
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = csv.reader(file)
        names = [name.strip().lower() for name in next(rows, [])]
        missing = [name for name in COLUMNS if name not in names]
        if missing:
            raise DetectionError(
                f"{path}: has no column {' and no column '.join(missing)}; a CSV of FER2013 with "
                "emotion, pixels and Usage is needed"
            )
        emotion, pixels, usage = (names.index(name) for name in COLUMNS)
        for row in rows:
            place = f"{path}:{rows.line_num}"
            if row and len(row) < len(names):
                raise DetectionError(f"{place}: has {len(row)} of {len(names)} columns")
            if row and row[usage].strip().lower() == USAGES[split]:
                images.append(read_image(row[pixels], place))
                labels.append(read_label(row[emotion], place))
    if not labels:
        raise DetectionError(f"{path}: has no image of split {split}")
    return FaceTable(np.stack(images), labels)


def read_split(path: pathlib.Path, split: str) -> FaceTable:
    """@raises DetectionError that names file, line and what is needed."""
    try:
        return read_rows(path, split)
    except OSError as error:
        raise DetectionError(
            f"{path}: cannot be read: {error.strerror}; --data names FER2013's CSV (data/README.md)"
        ) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise DetectionError(f"{path}: is not a CSV: {error}") from error
