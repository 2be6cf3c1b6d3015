"""What writes files: a command for each writer of our programs, on inputs that Campaign.prepare() makes."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass
class Writer:
    """A command, in a folder of its own; what it writes lies in `out`."""

    name: str
    words: str
    before: str = ""  # a command that makes what is there before, into the same files
    quick: bool = False
    stdout: str = ""


PREDICT = "fer-predict --quiet --threads 1 --detector none"
EVAL = "fer-eval --quiet --threads 1 --data faces.pack --split test"
DATA = "fer-data"
WRITERS = (
    Writer(
        "picture.png",
        f"{PREDICT} face.png --output out/a.png",
        f"{PREDICT} other.png --output out/a.png",
        True,
    ),
    Writer(
        "picture.jpg",
        f"{PREDICT} face.png --output out/a.jpg",
        f"{PREDICT} other.png --output out/a.jpg",
    ),
    Writer(
        "picture.webp",
        f"{PREDICT} face.png --output out/a.webp",
        f"{PREDICT} other.png --output out/a.webp",
    ),
    *(
        Writer(
            f"video.{kind}",
            f"{PREDICT} video.avi --output out/a.{kind}",
            f"{PREDICT} short.avi --output out/a.{kind}",
            True,
        )
        for kind in ("mp4", "mov", "mkv", "avi")
    ),
    Writer("pictures", f"{PREDICT} face.png other.png video.avi --output out/all/"),
    Writer("crops", f"{PREDICT} face.png other.png --save-crops out/crops", quick=True),
    Writer("explanations", f"{PREDICT} face.png other.png --explain out/maps"),
    Writer(
        "features.jsonl",
        f"{PREDICT} face.png other.png --features out/a.jsonl",
        f"{PREDICT} other.png --features out/a.jsonl",
        True,
    ),
    Writer(
        "features.npy",
        f"{PREDICT} face.png other.png --features out/a.npy",
        f"{PREDICT} other.png --features out/a.npy",
    ),
    *(
        Writer(
            f"predictions {kind}",
            f"{PREDICT} face.png other.png --format {kind}",
            stdout=f"out/a.{kind}",
        )
        for kind in ("text", "jsonl", "csv")
    ),
    Writer(
        "evaluation",
        f"{EVAL} --json out/a.json --predictions out/a.csv",
        f"{EVAL} --model seed-cnn --json out/a.json --predictions out/a.csv",
    ),
    Writer("figure.svg", f"{EVAL} --figure out/a.svg"),
    Writer("figure.png", f"{EVAL} --figure out/a.png"),
    Writer("report", f"{EVAL} --report out/page", f"{EVAL} --model seed-cnn --report out/page"),
    Writer(
        "data report",
        f"{DATA} check --quiet --no-doubts --detector none --data faces.pack --report out/page --json out/a.json",
    ),
    Writer(
        "packed set",
        f"{DATA} pack --quiet --data synthetic:140 --output out/a.pack",
        quick=True,
    ),
    Writer(
        "exported csv",
        f"{DATA} export --quiet --data faces.pack --format csv --output out/a.csv",
    ),
    Writer("exported png", f"{DATA} export --quiet --data small --output out/faces"),
    Writer(
        "exported coco",
        f"{DATA} export --quiet --data small --format coco --detector none --output out/faces",
    ),
    Writer(
        "drawn faces", f"{DATA} synth --quiet --count 7 --output out/faces --sheet out/sheet.png"
    ),
    Writer(
        "converted model",
        "fer-model convert --quiet seed-cnn --output out/m.safetensors",
        quick=True,
    ),
    Writer(
        "quantized model",
        "fer-model quantize --quiet --threads 1 nano --data faces.pack --images 10 --output out/m.safetensors",
    ),
    Writer(
        "calibrated model",
        "fer-model calibrate --quiet --threads 1 seed-cnn --data faces.pack --split all --output out/m.safetensors",
    ),
    Writer("onnx", "fer-model export --quiet nano --output out/m.onnx", quick=True),
    Writer(
        "model list",
        "fer-model list --quiet --json out/a.json",
        "fer-model describe --quiet nano --json out/a.json",
    ),
    Writer(
        "augmentations", "fer-train --quiet --threads 1 --data faces.pack --contact-sheet out/a.png"
    ),
)
