"""From the start of a process to its end with one prediction, on one face crop as PNG.

Files are cached after the first round, which shows as the largest value and not in the median.
"""

from __future__ import annotations

import pathlib

import inputs
from measure import Benchmark, Contender, Metric, Settings
from predicting import predict_ours, predict_peer


def benchmark(settings: Settings) -> Benchmark:
    model = inputs.seed_cnn(settings)
    picture: pathlib.Path = inputs.write_crops(settings, 1) / "00000.png"
    return Benchmark(
        name="start",
        title=f"One prediction from process start, seed-cnn, {settings.threads} threads",
        contenders=(
            Contender("fer-predict", lambda: predict_ours(settings, model, picture), role="ours"),
            Contender(
                "OpenCV + ONNX Runtime",
                lambda: predict_peer(settings, model, picture, "onnxruntime"),
                needs=("cv2", inputs.MODULES["onnxruntime"]),
            ),
            Contender(
                "OpenCV + PyTorch",
                lambda: predict_peer(settings, model, picture, "pytorch"),
                needs=("cv2", inputs.MODULES["pytorch"]),
            ),
        ),
        metrics=(Metric("seconds", "whole process, seconds", False, decimals=3),),
        same=("faces", "first_label"),
        rounds=7,
    )
