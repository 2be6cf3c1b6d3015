"""From the start of a process to a saved model with at least 57 % on PublicTest.

Keras trains with the seed's recipe and stops after the first epoch that reaches it; fer-train runs
the whole of its config, whose length was chosen beforehand, and keeps the best epoch's model. It runs in
float32, which is compared, and once more in bfloat16 where the processor has it (--amp auto).
"""

from __future__ import annotations

import pathlib
import sys
import tempfile

from measure import Benchmark, BenchmarkError, Contender, Metric, Settings, last_json, run_process

PEER = pathlib.Path(__file__).with_name("keras_seed.py")
CONFIG = "configs/speed57.json"
TARGET = 0.57
QUICK_TARGET = 0.1  # below chance (0.14), because a few images teach little; shows that it works
MOST_EPOCHS = 1_000


def target_of(settings: Settings) -> float:
    return QUICK_TARGET if settings.quick else TARGET


def train_ours(settings: Settings, amp: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="fer-bench-") as folder:
        run = run_process(
            [
                f"{settings.programs}/fer-train",
                *("--config", CONFIG),
                *("--data", settings.data),
                *("--device", "cpu"),
                *("--amp", amp),
                *("--threads", str(settings.threads)),
                *("--output", folder),
            ]
        )
    # "PATH val_accuracy SCORE epoch N"
    accuracy = float(run.stdout.split()[-3])
    if accuracy < target_of(settings):
        raise BenchmarkError(f"{CONFIG} should reach {target_of(settings):.0%}, got {accuracy:.2%}")
    return {"wall_seconds": run.wall_seconds, "accuracy": accuracy}


def train_peer(settings: Settings) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="fer-bench-") as folder:
        run = run_process(
            [
                sys.executable,
                str(PEER),
                settings.data,
                *("--epochs", str(MOST_EPOCHS)),
                *("--threads", str(settings.threads)),
                *("--target", str(target_of(settings))),
                *("--save", f"{folder}/reached.keras"),
                *("--limit-minutes", str(settings.limit_minutes)),
            ]
        )
    result = last_json(run)
    return {
        "wall_seconds": result["wall_seconds"],
        "accuracy": result["validation_accuracy"][-1],
        "epochs": len(result["epoch_seconds"]),
    }


def benchmark(settings: Settings) -> Benchmark:
    return Benchmark(
        name="time-to-accuracy",
        title=f"To a saved model with {target_of(settings):.0%} on PublicTest, "
        f"{settings.threads} threads",
        contenders=(
            Contender(
                f"fer-train, {CONFIG}, float32", lambda: train_ours(settings, "off"), role="ours"
            ),
            Contender(
                f"fer-train, {CONFIG}, --amp auto",
                lambda: train_ours(settings, "auto"),
                role="beside",
            ),
            Contender(
                "Keras, the seed's recipe",
                lambda: train_peer(settings),
                needs=("tensorflow", "keras", "pandas"),
            ),
        ),
        metrics=(Metric("wall_seconds", "whole process, seconds", False, decimals=0),),
        rounds=1,
    )
