"""Calls fer-eval and fer-predict, and reads what they say."""

from __future__ import annotations

import csv
import os
import pathlib
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from fer2013 import FaceTable
from matching import Detection
from records import DetectionError

TABLE = pathlib.Path(__file__).parents[2] / "lib" / "fer" / "detect" / "detectors.def"


def searched_detectors() -> tuple[str, ...]:
    """The names of all detectors that look for faces, in the order of the programs' own table."""
    names = re.findall(r"^FER_DETECTOR\((\w+)\)$", TABLE.read_text(), re.MULTILINE)
    return tuple(name for name in names if name != "none")


# Detectors without landmarks, for which --align changes nothing.
NO_LANDMARKS = ("haar",)
NO_SIZE = ("haar",)
# Options that this script itself passes to fer-predict: a second value would win, and the table would be wrong.
RESERVED = (
    *("--detector", "--detector-model", "--detector-size", "--crop-margin", "--align"),
    *("--no-align", "--format", "--model", "--tta", "--threads", "--config", "--min-confidence"),
)


@dataclass(frozen=True)
class Programs:
    folder: pathlib.Path
    shared_flags: tuple[str, ...]  # for both programs: model, threads, test-time augmentation
    predict_flags: tuple[str, ...] = ()

    def path(self, name: str) -> pathlib.Path:
        """@raises DetectionError where there is no such program."""
        program = self.folder / name
        if not program.is_file() or not os.access(program, os.X_OK):
            raise DetectionError(f"{program}: no such program; build it, or point --programs to it")
        return program


def check_flags(flags: Sequence[str]) -> None:
    for word in flags:
        if word.partition("=")[0] in RESERVED:
            raise DetectionError(f"{word}: cannot be given behind --: this script sets it itself")


@dataclass(frozen=True)
class Setting:
    """One way to run fer-predict."""

    detector: str
    margin: float = 0.0  # 0: the detector's default
    align: str = "auto"  # as fer-predict's --align
    model: str = ""  # the detector's file; empty: the one that fer-predict finds
    size: int = 0

    @property
    def is_default(self) -> bool:
        return self.margin == 0 and self.align == "auto"

    @property
    def name(self) -> str:
        margin = f"margin-{self.margin:g}" if self.margin else "usual"
        return f"{self.detector}-{margin}{'' if self.align == 'auto' else f'-align-{self.align}'}"

    def flags(self) -> list[str]:
        words = [f"--detector={self.detector}", f"--crop-margin={self.margin:g}"]
        if self.align != "auto":
            words.append(f"--align={self.align}")
        if self.model:
            words.append(f"--detector-model={self.model}")
        elif self.size and self.detector not in NO_SIZE:
            words.append(f"--detector-size={self.size}")
        return words


def run(command: Sequence[str], output: pathlib.Path) -> None:
    """@raises DetectionError with the program's last words where it fails."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("wb") as file:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.PIPE, check=False
        )
    if done.returncode != 0:
        words = done.stderr.decode(errors="replace").strip()
        last = words.rpartition("\n")[2] or "said nothing"
        raise DetectionError(f"{' '.join(command)}: failed (exit {done.returncode}): {last}")


def read_csv(path: pathlib.Path, columns: Sequence[str]) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8", errors="replace") as file:
        reader = csv.DictReader(file)
        missing = set(columns) - set(reader.fieldnames or [])
        if missing:
            raise DetectionError(f"{path}: has no column {' and '.join(sorted(missing))}")
        return list(reader)


def evaluate(
    programs: Programs, data: pathlib.Path, split: str, faces: FaceTable, work: pathlib.Path
) -> list[str]:
    """fer-eval's prediction for every face of the split, in their order."""
    output = work / "fer-eval.csv"
    command = [
        str(programs.path("fer-eval")),
        *(f"--data={data}", f"--split={split}", f"--predictions={output}", "--quiet"),
        *programs.shared_flags,
    ]
    run(command, work / "fer-eval.txt")
    rows = read_csv(output, ("index", "truth", "prediction"))
    if len(rows) != len(faces):
        raise DetectionError(f"{output}: fer-eval saw {len(rows)} faces, {data} has {len(faces)}")
    for i, (row, label) in enumerate(zip(rows, faces.labels)):
        # The index is the face's row in the whole data set; the faces of the split come in that order.
        if row["truth"] != label:
            raise DetectionError(
                f"{output}: row {i} should be face {i}, {label}, and is row {row['index']} of the data, "
                f"{row['truth']}: the model should know FER2013's seven classes in their order"
            )
    return [row["prediction"] for row in rows]


def read_detection(row: dict[str, str]) -> Detection:
    box = (float(row[name]) for name in ("x", "y", "width", "height"))
    return Detection(*box, row["label"])


def predict(
    programs: Programs, setting: Setting, pictures: pathlib.Path, work: pathlib.Path
) -> dict[str, list[Detection]]:
    """What fer-predict finds in each picture of the folder, by the picture's name; its words go into `work`."""
    output = work / f"{setting.name}.csv"
    command = [
        *(str(programs.path("fer-predict")), str(pictures), "--format=csv", "--quiet"),
        *setting.flags(),
        *programs.shared_flags,
        *programs.predict_flags,
    ]
    run(command, output)
    found: dict[str, list[Detection]] = {}
    for row in read_csv(output, ("source", "x", "y", "width", "height", "label", "error")):
        if row["error"]:
            raise DetectionError(f"{output}: {row['source']}: {row['error']}")
        detections = found.setdefault(pathlib.Path(row["source"]).name, [])
        if row["label"]:
            detections.append(read_detection(row))
    return found
