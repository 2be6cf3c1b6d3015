"""Names the expressions on face crops as people do in Python, printed as CSV.

    predict_peer.py RUNTIME MODEL ONNX THREADS SOURCE

SOURCE is a picture or a folder of PNG files; what is imported is what is needed.
"""

import pathlib
import sys

import cv2
import numpy as np
from runtimes import RUNTIMES

BATCH_SIZE = 64
LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")


def read_face(path: pathlib.Path) -> np.ndarray:
    face = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if face is None:
        sys.exit(f"{path}: cannot be read")
    return cv2.resize(face, (48, 48), interpolation=cv2.INTER_AREA)


def main() -> None:
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    runtime, model, onnx, threads, source = sys.argv[1:]
    predict = RUNTIMES[runtime](model, onnx, None, int(threads))
    source = pathlib.Path(source)
    pictures = sorted(source.glob("*.png")) if source.is_dir() else [source]
    print("source", "label", *LABELS, sep=",")
    for start in range(0, len(pictures), BATCH_SIZE):
        chosen = pictures[start : start + BATCH_SIZE]
        probabilities = predict(np.stack([read_face(picture) for picture in chosen]))
        for picture, row in zip(chosen, probabilities):
            print(picture, LABELS[row.argmax()], *row, sep=",")


if __name__ == "__main__":
    main()
