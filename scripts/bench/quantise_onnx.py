"""An ONNX file in 8-bit integers, by ONNX Runtime's static quantisation as its documentation shows it:
batch normalisations folded first, QDQ, a scale for each output channel, ranges from training images.

    quantise_onnx.py ONNX FACES uint8|int8 TARGET

FACES is FER2013's CSV; the third word is what activations become. Weights become int8.
"""

from __future__ import annotations

import os
import sys
import tempfile

import numpy as np
import pandas_csv
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

BATCH = 64
TYPES = {"uint8": QuantType.QUInt8, "int8": QuantType.QInt8}


class Batches(CalibrationDataReader):
    def __init__(self, faces: np.ndarray) -> None:
        self.batches = (faces[first : first + BATCH] for first in range(0, len(faces), BATCH))

    def get_next(self) -> dict[str, np.ndarray] | None:
        batch = next(self.batches, None)
        return None if batch is None else {"faces": batch}


def quantise(onnx: str, faces: np.ndarray, activations: QuantType, target: str) -> None:
    with tempfile.TemporaryDirectory(prefix="fer-bench-") as folder:
        folded, made = os.path.join(folder, "folded.onnx"), os.path.join(folder, "made.onnx")
        quant_pre_process(onnx, folded, skip_symbolic_shape=True)
        quantize_static(
            folded,
            made,
            Batches(faces),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=activations,
            weight_type=QuantType.QInt8,
        )
        with open(made, "rb") as file:
            content = file.read()
    # Renamed when complete, so that an interrupted run leaves no partial file.
    with open(target + ".new", "wb") as file:
        file.write(content)
    os.replace(target + ".new", target)


def main() -> None:
    if len(sys.argv) != 5 or sys.argv[3] not in TYPES:
        sys.exit(__doc__)
    onnx, csv, activations, target = sys.argv[1:]
    quantise(onnx, pandas_csv.load(csv)[0], TYPES[activations], target)


if __name__ == "__main__":
    main()
