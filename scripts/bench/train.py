"""Training the seed's network on FER2013 for two epochs, with its augmentation.

All sides do an epoch as a user gets it: every training image once, flipped and rotated at random,
in float32, then the validation images. The last epoch counts, because the first one also pays for
what is done once (tracing in TensorFlow, compiling in PyTorch, fresh memory in all). All train on
the same part of the images: what is measured is images a second, and slow peers would take an hour.
"""

from __future__ import annotations

import csv
import os
import pathlib
import sys
import tempfile

import inputs
from inputs import count_rows, write_subset
from machine import has_bf16
from measure import Benchmark, BenchmarkError, Contender, Metric, Settings, last_json, run_process

SCRIPTS = pathlib.Path(__file__).parent
EPOCHS = 2
# Multiples of the batch size of 64, because each other size is compiled again; as many images for validation,
# in proportion, as in FER2013.
WANTED = {b"Training": 6_400, b"PublicTest": 832}
QUICK_WANTED = {b"Training": 640, b"PublicTest": 64}
NEEDS = {
    "Keras": ("tensorflow", "keras", "pandas"),
    "PyTorch": ("torch", "safetensors", "pandas", "PIL"),
}


def read_last_epoch(folder: str) -> dict[str, str]:
    """The last row of the only results.csv below a folder."""
    found = list(pathlib.Path(folder).rglob("results.csv"))
    if len(found) != 1:
        raise BenchmarkError(f"fer-train should leave one results.csv, left {len(found)}")
    with found[0].open(newline="") as file:
        rows = list(csv.DictReader(file))
    if len(rows) != EPOCHS:
        raise BenchmarkError(f"fer-train should train {EPOCHS} epochs, trained {len(rows)}")
    return rows[-1]


def train_ours(settings: Settings, data: str, amp: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="fer-bench-") as folder:
        run = run_process(
            [
                f"{settings.programs}/fer-train",
                *("--config", "configs/seed.json"),
                *("--data", data),
                *("--epochs", str(EPOCHS)),
                *("--patience", "0"),
                *("--amp", amp),
                *("--device", "cpu"),
                *("--threads", str(settings.threads)),
                *("--output", folder),
            ]
        )
        last = read_last_epoch(folder)
    images = count_rows(data, b"Training")
    return {
        "images": images,
        "epoch_images_per_second": images / float(last["seconds"]),
        "training_images_per_second": float(last["images_per_second"]),
        "epoch_seconds": float(last["seconds"]),
        "wall_seconds": run.wall_seconds,
    }


def train_peer(settings: Settings, data: str, *script: str) -> dict[str, float]:
    run = run_process(
        [
            sys.executable,
            str(SCRIPTS / script[0]),
            *script[1:],
            data,
            *("--epochs", str(EPOCHS)),
            *("--threads", str(settings.threads)),
        ],
        # Keeps the code of torch.compile from one round to the next.
        environment={
            **os.environ,
            "TORCHINDUCTOR_CACHE_DIR": str((inputs.CACHE / "inductor").resolve()),
        },
    )
    result = last_json(run)
    seconds = result["epoch_seconds"][-1]
    return {
        "images": result["train_images"],
        "epoch_images_per_second": result["train_images"] / seconds,
        "epoch_seconds": seconds,
        "wall_seconds": result["wall_seconds"],
    }


def contenders(settings: Settings, data: str) -> list[Contender]:
    def peer(name: str, family: str, *script: str) -> Contender:
        return Contender(
            name,
            lambda: train_peer(settings, data, *script),
            family=family,
            needs=NEEDS[family],
        )

    ours = [Contender("fer, float32", lambda: train_ours(settings, data, "off"), role="ours")]
    if has_bf16():
        ours.append(
            Contender(
                "fer, --amp auto (bf16)",
                lambda: train_ours(settings, data, "auto"),
                role="beside",
            )
        )
    return [
        *ours,
        peer("Keras (TensorFlow)", "Keras", "keras_seed.py"),
        peer("PyTorch, as usual", "PyTorch", "torch_train.py", "usual"),
        peer("PyTorch, tuned", "PyTorch", "torch_train.py", "tuned"),
        peer("PyTorch, compiled", "PyTorch", "torch_train.py", "compiled"),
    ]


def benchmark(settings: Settings) -> Benchmark:
    data = write_subset(settings.data, "train.csv", QUICK_WANTED if settings.quick else WANTED)
    images = count_rows(data, b"Training")
    if images == 0:
        raise BenchmarkError(f"{settings.data} has no row whose Usage is Training")
    return Benchmark(
        name="train",
        title=f"Training the seed's network on {images:,} images, {settings.threads} threads",
        contenders=contenders(settings, data),
        metrics=(
            Metric(
                "epoch_images_per_second",
                "training images a second, over the last epoch with its validation",
                higher_is_better=True,
                decimals=0,
            ),
        ),
        same=("images",),
    )
