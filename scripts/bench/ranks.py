"""Training by two processes of one thread each, against one such process.

nano at 48 pixels in whole batches of 128, float32. Each contender trains alone and in two processes, one
after the other, in the same round: what two are worth is the ratio of these. The last of two epochs
counts, without its validation. Two runs at the same time that share no work have their images a second
added up: their ratio to one run is about the most that this machine leaves to any two processes.
"""

from __future__ import annotations

import concurrent.futures
import pathlib
import sys
import tempfile

from inputs import count_rows, write_subset
from measure import (
    Benchmark,
    CannotRun,
    Contender,
    Metric,
    NothingToMeasure,
    Settings,
    last_json,
    run_process,
)
from train import read_last_epoch

PEER = pathlib.Path(__file__).with_name("torch_ddp.py")
EPOCHS = 2
RANKS = 2
# Multiples of the batch size, so that no step is small.
WANTED = {b"Training": 6_400, b"PublicTest": 64}
QUICK_WANTED = {b"Training": 256, b"PublicTest": 64}


def our_speed(settings: Settings, data: str, arch: str, ranks: int) -> float:
    with tempfile.TemporaryDirectory(prefix="fer-bench-") as folder:
        run_process(
            [
                f"{settings.programs}/fer-train",
                *("--arch", arch),
                *("--data", data),
                *("--epochs", str(EPOCHS)),
                *("--batch-size", "128"),
                *("--optimizer", "sgd"),
                *("--lr", "0.01"),
                *("--weight-decay", "0.0005"),
                *("--device", "cpu"),
                *("--threads", "1"),
                *("--processes", str(ranks)),
                *("--output", folder),
            ]
        )
        return float(read_last_epoch(folder)["images_per_second"])


def require_ranks(settings: Settings, data: str) -> None:
    try:
        our_speed(settings, data, "nano", RANKS)
    except CannotRun as error:
        if "Gloo's headers" in str(error):
            raise NothingToMeasure("fer-train was built without Gloo's headers") from None
        raise


def train_ours(settings: Settings, data: str, arch: str) -> dict[str, float]:
    one, two = (our_speed(settings, data, arch, ranks) for ranks in (1, RANKS))
    return {
        "images": count_rows(data, b"Training"),
        "one": one,
        "images_per_second": two,
        "speed_up": two / one,
    }


def train_apart(settings: Settings, data: str, arch: str) -> dict[str, float]:
    one = our_speed(settings, data, arch, 1)
    with concurrent.futures.ThreadPoolExecutor(RANKS) as pool:
        runs = [pool.submit(our_speed, settings, data, arch, 1) for _ in range(RANKS)]
        all_of_them = sum(run.result() for run in runs)
    return {
        "images": count_rows(data, b"Training"),
        "one": one,
        "images_per_second": all_of_them,
        "speed_up": all_of_them / one,
    }


def train_peer(data: str) -> dict[str, float]:
    command = [sys.executable, str(PEER), data, "--epochs", str(EPOCHS)]
    one, two = (last_json(run_process([*command, "--ranks", str(n)])) for n in (1, RANKS))
    return {
        "images": two["images"],
        "one": one["images_per_second"],
        "images_per_second": two["images_per_second"],
        "speed_up": two["images_per_second"] / one["images_per_second"],
    }


def benchmark(settings: Settings) -> Benchmark:
    data = write_subset(settings.data, "ranks.csv", QUICK_WANTED if settings.quick else WANTED)
    images = count_rows(data, b"Training")
    require_ranks(settings, write_subset(settings.data, "few.csv", QUICK_WANTED))
    return Benchmark(
        name="ranks",
        title=f"Training nano on {images:,} images by {RANKS} processes of one thread",
        contenders=(
            Contender(
                f"fer, --processes {RANKS}", lambda: train_ours(settings, data, "nano"), role="ours"
            ),
            Contender(
                f"fer, --processes {RANKS}, seed-cnn",
                lambda: train_ours(settings, data, "seed-cnn"),
                role="beside",
            ),
            Contender(
                f"fer, {RANKS} runs that share no work",
                lambda: train_apart(settings, data, "nano"),
                role="beside",
            ),
            Contender(
                f"fer, {RANKS} runs that share no work, seed-cnn",
                lambda: train_apart(settings, data, "seed-cnn"),
                role="beside",
            ),
            Contender(
                "PyTorch, DistributedDataParallel",
                lambda: train_peer(data),
                needs=("torch", "pandas", "PIL"),
            ),
        ),
        metrics=(
            Metric("images_per_second", "images a second, two processes", True, decimals=0),
            Metric("one", "images a second, one process", True, decimals=0),
            Metric("speed_up", "times as many by two processes as by one", True, decimals=2),
        ),
        same=("images",),
        rounds=5,
    )
