"""A folder of 2,000 face crops as PNG: time and memory of the whole process."""

from __future__ import annotations

import inputs
from measure import Benchmark, Contender, Metric, Settings
from predicting import predict_ours, predict_peer

CROPS = 2_000
QUICK_CROPS = 200


def benchmark(settings: Settings) -> Benchmark:
    model = inputs.seed_cnn(settings)
    folder = inputs.write_crops(settings, QUICK_CROPS if settings.quick else CROPS)
    count = len(list(folder.iterdir()))
    return Benchmark(
        name="folder",
        title=f"A folder of {count:,} PNG crops, seed-cnn, {settings.threads} threads",
        contenders=(
            Contender("fer-predict", lambda: predict_ours(settings, model, folder), role="ours"),
            Contender(
                "OpenCV + ONNX Runtime",
                lambda: predict_peer(settings, model, folder, "onnxruntime"),
                needs=("cv2", inputs.MODULES["onnxruntime"]),
            ),
        ),
        metrics=(
            Metric("seconds", "whole process, seconds", False, decimals=3),
            Metric("peak_mebibytes", "most resident memory, MiB", False, decimals=0),
        ),
        same=("faces", "first_label"),
        rounds=5,
    )
