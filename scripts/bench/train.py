"""Training the seed's network on FER2013 for two epochs, with its augmentation.

Both sides do an epoch as a user gets it: every training image once, flipped and rotated at random,
in float32, then the validation images. The last epoch counts, because the first one also pays for
what is done once (tracing in TensorFlow, fresh memory in both).
"""

from __future__ import annotations

import csv
import pathlib
import sys
import tempfile

from measure import Benchmark, BenchmarkError, Contender, Metric, Settings, last_json, run_process

PEER = pathlib.Path(__file__).with_name("keras_seed.py")
EPOCHS = 2


def count_training_images(path: str) -> int:
    """Rows of FER2013's CSV whose Usage, the last column, is Training."""
    with open(path, "rb") as rows:
        return sum(row.rstrip().endswith(b",Training") for row in rows)


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


def train_ours(settings: Settings, images: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="fer-bench-") as folder:
        run = run_process(
            [
                f"{settings.programs}/fer-train",
                *("--config", "configs/seed.json"),
                *("--data", settings.data),
                *("--epochs", str(EPOCHS)),
                *("--patience", "0"),
                *("--device", "cpu"),
                *("--threads", str(settings.threads)),
                *("--output", folder),
            ]
        )
        last = read_last_epoch(folder)
    return {
        "images": images,
        "epoch_images_per_second": images / float(last["seconds"]),
        "training_images_per_second": float(last["images_per_second"]),
        "epoch_seconds": float(last["seconds"]),
        "wall_seconds": run.wall_seconds,
    }


def train_peer(settings: Settings) -> dict[str, float]:
    run = run_process(
        [
            sys.executable,
            str(PEER),
            settings.data,
            *("--epochs", str(EPOCHS)),
            *("--threads", str(settings.threads)),
        ]
    )
    result = last_json(run)
    seconds = result["epoch_seconds"][-1]
    return {
        "images": result["train_images"],
        "epoch_images_per_second": result["train_images"] / seconds,
        "epoch_seconds": seconds,
        "wall_seconds": result["wall_seconds"],
    }


def benchmark(settings: Settings) -> Benchmark:
    images = count_training_images(settings.data)
    if images == 0:
        raise BenchmarkError(f"{settings.data} has no row whose Usage is Training")
    return Benchmark(
        name="train",
        title=f"Training the seed's network, {images:,} images, {settings.threads} threads",
        contenders=(
            Contender("fer", lambda: train_ours(settings, images), ours=True),
            Contender("Keras (TensorFlow)", lambda: train_peer(settings)),
        ),
        metrics=(
            Metric(
                "epoch_images_per_second",
                "training images a second, over the last epoch with its validation",
                higher_is_better=True,
                decimals=0,
            ),
            Metric(
                "wall_seconds",
                f"whole process, {EPOCHS} epochs, seconds",
                higher_is_better=False,
                decimals=1,
            ),
        ),
        same=("images",),
    )
