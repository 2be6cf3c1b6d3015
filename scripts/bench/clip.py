"""A video from end to end: decode, find faces with CenterFace, classify each; nothing is drawn."""

from __future__ import annotations

import csv
import os
import pathlib
import sys
from collections.abc import Sequence
from typing import Any

import inputs
from measure import Benchmark, BenchmarkError, Contender, Metric, NothingToMeasure, Settings
from measure import run_process

PEER = pathlib.Path(__file__).with_name("clip_peer.py")
DETECTOR = pathlib.Path(".deps/detectors/centerface.onnx")
CLIP = pathlib.Path("data/photos/clip.mp4")


def find_clip(settings: Settings) -> pathlib.Path:
    shared = pathlib.Path(os.environ.get("FER_SHARED", "../shared"))
    clip = pathlib.Path(settings.clip) if settings.clip else shared / CLIP
    if not clip.is_file():
        raise NothingToMeasure(f"{clip}: no such video")
    if not DETECTOR.is_file():
        raise NothingToMeasure(f"{DETECTOR}: no such file; scripts/bootstrap.sh fetches it")
    return clip


def measure(command: Sequence[str]) -> dict[str, Any]:
    """Runs it; it prints a CSV with a row a face, or a row a frame without one."""
    run = run_process([str(word) for word in command])
    rows = list(csv.DictReader(run.stdout.splitlines()))
    if not rows:
        raise BenchmarkError(f"{command[0]} printed no prediction")
    frames = len({row["frame"] for row in rows})
    return {
        "seconds": run.wall_seconds,
        "frames_per_second": frames / run.wall_seconds,
        "peak_mebibytes": run.peak_mebibytes,
        "faces": sum(row["label"] != "" for row in rows),
        "frames": frames,
    }


def benchmark(settings: Settings) -> Benchmark:
    clip = find_clip(settings)
    model = inputs.seed_cnn(settings)
    ours = (
        f"{settings.programs}/fer-predict", clip, "--model", model.file, "--detector",
        "centerface", "--format", "csv", "--threads", settings.threads,
        "--quiet",
    )  # fmt: skip
    peer = (sys.executable, PEER, model.onnx, DETECTOR, settings.threads, clip)
    return Benchmark(
        name="clip",
        title=f"A video of 640x360, CenterFace and seed-cnn, {settings.threads} threads",
        contenders=(
            Contender("fer-predict", lambda: measure(ours), role="ours"),
            Contender(
                "Python loop: OpenCV + ONNX Runtime",
                lambda: measure(peer),
                needs=("cv2", "onnxruntime"),
            ),
        ),
        metrics=(
            Metric("frames_per_second", "frames/s, whole process", True, decimals=1),
            Metric("seconds", "seconds", False, decimals=2),
            Metric("peak_mebibytes", "most resident memory, MiB", False, decimals=0),
            Metric("faces", "faces found", True, decimals=0),
        ),
        same=("frames",),
        rounds=5,
    )
