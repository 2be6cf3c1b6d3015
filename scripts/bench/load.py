"""What is left of the speed while another program keeps one core busy.

Each side runs twice a round: on the machine as it is, and beside a process of normal priority that
never waits. With C cores an ideal program keeps C / (C + 1) of its speed, since it shares the cores
fairly; a program whose threads wait for each other keeps far less.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

import inputs
import train
from inputs import count_rows, write_subset
from measure import Benchmark, Contender, Metric, Settings, run_process
from predicting import predict_ours

CROPS = 2_000
QUICK_CROPS = 200


@contextlib.contextmanager
def busy_core() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def kept(images_per_second: Callable[[], float]) -> dict[str, float]:
    """Measures alone and beside a busy process."""
    alone = images_per_second()
    with busy_core():
        beside = images_per_second()
    return {"alone": alone, "beside": beside, "kept_percent": 100 * beside / alone}


def train_by(settings: Settings, data: str, config: str, *more: str) -> float:
    """Images a second of fer-train in its last epoch."""
    with tempfile.TemporaryDirectory(prefix="fer-bench-") as folder:
        run_process(
            [
                f"{settings.programs}/fer-train",
                *("--config", config),
                *("--data", data),
                *("--epochs", str(train.EPOCHS)),
                *("--patience", "0"),
                *("--device", "cpu"),
                *("--threads", str(settings.threads)),
                *("--output", folder),
                *more,
            ]
        )
        return float(train.read_last_epoch(folder)["images_per_second"])


def contenders(settings: Settings, data: str) -> list[Contender]:
    model = inputs.seed_cnn(settings)
    crops = inputs.write_crops(settings, QUICK_CROPS if settings.quick else CROPS)
    count = len(list(crops.iterdir()))

    def ours(name: str, role: str, config: str, *more: str) -> Contender:
        return Contender(
            name, lambda: kept(lambda: train_by(settings, data, config, *more)), role=role
        )

    def peer(name: str, family: str, *script: str) -> Contender:
        return Contender(
            name,
            lambda: kept(
                lambda: train.train_peer(settings, data, *script)["epoch_images_per_second"]
            ),
            family=family,
            needs=train.NEEDS[family],
        )

    def predict() -> float:
        return count / predict_ours(settings, model, crops)["seconds"]

    nano = ("--warmup-epochs", "1", "--sides", "48")
    return [
        ours("fer-train, seed-cnn", "ours", "configs/seed.json", "--amp", "off"),
        ours("fer-train, nano (fast.json)", "beside", "configs/fast.json", *nano),
        Contender("fer-predict, a folder of crops", lambda: kept(predict), role="beside"),
        peer("Keras (TensorFlow)", "Keras", "keras_seed.py"),
        peer("PyTorch, as usual", "PyTorch", "torch_train.py", "usual"),
        peer("PyTorch, tuned", "PyTorch", "torch_train.py", "tuned"),
    ]


def benchmark(settings: Settings) -> Benchmark:
    wanted = train.QUICK_WANTED if settings.quick else train.WANTED
    data = write_subset(settings.data, "train.csv", wanted)
    images = count_rows(data, b"Training")
    return Benchmark(
        name="load",
        title=f"Beside a program that keeps one core busy, {settings.threads} threads, "
        f"training on {images:,} images",
        contenders=contenders(settings, data),
        metrics=(
            Metric("kept_percent", "speed kept, per cent of that alone", True, decimals=0),
            Metric("beside", "images a second beside it", True, decimals=0),
        ),
    )
