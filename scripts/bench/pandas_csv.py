"""Loads FER2013's CSV as people do in Python, and prints how long that took as JSON.

    pandas_csv.py split|fromstring FILE

Both read the file with pandas; they differ in how a row's text becomes pixels.
"""

import json
import sys
import time

import numpy as np
import pandas as pd


def with_split(text: str) -> np.ndarray:
    return np.asarray([int(value) for value in text.split()], dtype=np.uint8)


def with_fromstring(text: str) -> np.ndarray:
    return np.fromstring(text, dtype=np.uint8, sep=" ")


PARSERS = {"split": with_split, "fromstring": with_fromstring}


def load(path, parse=with_fromstring):
    """Returns images [N,48,48] uint8, labels [N] uint8 and the column Usage."""
    frame = pd.read_csv(path)
    images = np.stack([parse(text) for text in frame["pixels"]]).reshape(-1, 48, 48)
    return images, frame["emotion"].to_numpy(dtype=np.uint8), frame["Usage"].to_numpy()


def main() -> None:
    if len(sys.argv) != 3 or sys.argv[1] not in PARSERS:
        sys.exit(__doc__)
    start = time.perf_counter()
    images, _, _ = load(sys.argv[2], PARSERS[sys.argv[1]])
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "images": len(images)}))


if __name__ == "__main__":
    main()
