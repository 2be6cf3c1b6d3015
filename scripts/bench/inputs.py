"""What benchmarks are fed with, made once in .cache/bench: smaller CSVs, face crops, models."""

from __future__ import annotations

import hashlib
import importlib.metadata
import pathlib
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace

from measure import BenchmarkError, Settings, last_json, require, run_process

CACHE = pathlib.Path(".cache/bench")
CHECKED_FACES = 64
CALIBRATION_FACES = 512
TOLERANCE = 1e-4  # of a probability: float32 sums in another order
SCRIPTS = pathlib.Path(__file__).parent
QUANTISER = str(SCRIPTS / "quantise_onnx.py")
QUANTISER_NEEDS = ("onnxruntime", "onnx", "ml_dtypes")
MODULES = {"onnxruntime": "onnxruntime", "openvino": "openvino", "pytorch": "torch"}  # of RUNTIMES


@dataclass(frozen=True)
class PeerModel:
    """One of our models, in the forms that peers take."""

    name: str
    file: str  # safetensors
    onnx: str
    check: str  # faces and their probabilities by this project, to check peers against


def write_subset(source: str, name: str, wanted: Mapping[bytes, int]) -> str:
    """Copies the header and the first `wanted` rows of each Usage; returns the copy's path."""
    left = dict(wanted)
    target = CACHE / name
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(source, "rb") as rows, target.open("wb") as copy:
        copy.write(next(rows, b""))
        for row in rows:
            usage = row.rstrip().rpartition(b",")[2]
            if left.get(usage, 0) > 0:
                left[usage] -= 1
                copy.write(row)
    return str(target)


def count_rows(path: str, usage: bytes) -> int:
    """Rows of FER2013's CSV whose Usage, the last column, is this."""
    with open(path, "rb") as rows:
        return sum(row.rstrip().endswith(b"," + usage) for row in rows)


def write_crops(settings: Settings, count: int) -> pathlib.Path:
    """The first faces of PublicTest as PNG files; returns their folder."""
    require("pandas", "PIL")
    source = write_subset(settings.data, "crops.csv", {b"PublicTest": count})
    folder = CACHE / f"crops-{count}"
    run_process([sys.executable, str(SCRIPTS / "write_crops.py"), source, str(folder)])
    return folder


def seed_cnn(settings: Settings) -> PeerModel:
    return for_peers(settings, "seed-cnn", pathlib.Path("models/seed-cnn.safetensors"))


def nano(settings: Settings) -> PeerModel:
    """The released model, or one trained for a moment: what its weights are is nothing to speed."""
    released = pathlib.Path("models/nano.safetensors")
    return for_peers(settings, "nano", released if released.exists() else train_nano(settings))


def train_nano(settings: Settings) -> pathlib.Path:
    target = CACHE / "nano.safetensors"
    with tempfile.TemporaryDirectory(prefix="fer-bench-") as folder:
        run_process(
            [
                f"{settings.programs}/fer-train",
                *("--arch", "nano"),
                *("--data", "synthetic:320"),
                *("--epochs", "1"),
                *("--device", "cpu"),
                *("--threads", str(settings.threads)),
                *("--output", folder),
            ]
        )
        found = list(pathlib.Path(folder).rglob("best.safetensors"))
        if len(found) != 1:
            raise BenchmarkError(f"fer-train should leave one best.safetensors, left {len(found)}")
        target.write_bytes(found[0].read_bytes())
    return target


def for_peers(settings: Settings, name: str, model: pathlib.Path) -> PeerModel:
    """Exports a model for the peers and holds PyTorch's form of it against ours.

    Raises:
        BenchmarkError: the peers' form does not compute what ours does.
        NothingToMeasure: what makes that form is not installed.
    """
    require("torch", "safetensors", "onnx", "onnxscript", "pandas")
    faces = write_subset(settings.data, "checked.csv", {b"PublicTest": CHECKED_FACES})
    predictions = CACHE / f"{name}-predictions.csv"
    run_process(
        [
            f"{settings.programs}/fer-eval",
            *("--model", str(model)),
            *("--data", faces),
            *("--split", "val"),
            *("--device", "cpu"),
            *("--predictions", str(predictions)),
        ]
    )
    form = PeerModel(
        name, str(model), str(CACHE / f"{name}.onnx"), str(CACHE / f"{name}-check.npz")
    )
    run = run_process(
        [
            sys.executable,
            str(SCRIPTS / "networks.py"),
            *(form.file, faces, str(predictions), form.onnx, form.check),
        ]
    )
    check_difference("PyTorch", form, last_json(run)["largest_difference"])
    return form


def in_eight_bits(settings: Settings, model: PeerModel, activations: str) -> PeerModel:
    """The same with the ONNX file in 8-bit integers, by ONNX Runtime's quantisation on training images.

    What it is made from is in its name, so that it is made once.

    Raises:
        CannotRun: the quantisation failed.
    """
    faces = write_subset(settings.data, "calibration.csv", {b"Training": CALIBRATION_FACES})
    made_from = [
        importlib.metadata.version("onnxruntime").encode(),
        *(pathlib.Path(file).read_bytes() for file in (QUANTISER, faces, model.onnx)),
    ]
    digest = hashlib.sha256(b"".join(made_from)).hexdigest()[:12]
    target = CACHE / f"{model.name}-{activations}-{digest}.onnx"
    if not target.exists():
        run_process([sys.executable, QUANTISER, model.onnx, faces, activations, str(target)])
    return replace(model, onnx=str(target))


def check_difference(
    peer: str, model: PeerModel, difference: float, tolerance: float = TOLERANCE
) -> None:
    """Raises BenchmarkError where a peer's probabilities are not those of our model."""
    if not difference <= tolerance:
        raise BenchmarkError(
            f"{peer}'s probabilities for {model.name} differ from ours by {difference:.2g}: "
            "not the same work"
        )
