"""Times inference of one runtime at several batch sizes; prints images a second as JSON.

    infer_peer.py RUNTIME MODEL ONNX CHECK BATCH... [--threads N] [--seconds S]

Prints how far the probabilities are from those in CHECK, too.
"""

import argparse
import json
import os
import statistics
import time

import numpy as np
from runtimes import RUNTIMES

WARM_UP_SHARE = 0.3
LEAST_BATCHES = 3


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runtime", choices=RUNTIMES)
    parser.add_argument("model", help="safetensors")
    parser.add_argument("onnx", help="the same as ONNX")
    parser.add_argument("check", help="npz with faces and our probabilities")
    parser.add_argument("batches", type=int, nargs="+")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=1.0, help="for each batch size")
    return parser.parse_args()


def batch_times(predict, faces: np.ndarray, seconds: float) -> list[float]:
    """The time of each batch, for as long as `seconds` and of a few at least."""
    times = []
    end = time.perf_counter() + seconds
    start = time.perf_counter()
    while start < end or len(times) < LEAST_BATCHES:
        predict(faces)
        now = time.perf_counter()
        times.append(now - start)
        start = now
    return times


def measure(predict, faces: np.ndarray, seconds: float) -> dict:
    batch_times(predict, faces, WARM_UP_SHARE * seconds)
    times = batch_times(predict, faces, seconds)
    return {
        "images_per_second": len(faces) * len(times) / sum(times),
        "milliseconds_a_batch": 1000 * statistics.median(times),
        "batches": len(times),
    }


def main() -> None:
    arguments = parse_arguments()
    check = np.load(arguments.check)
    faces, ours = check["faces"], check["probabilities"]
    results, differences = {}, []
    for batch in arguments.batches:
        chosen = np.arange(batch) % len(faces)
        predict = RUNTIMES[arguments.runtime](
            arguments.model, arguments.onnx, batch, arguments.threads
        )
        differences.append(float(np.abs(predict(faces[chosen]) - ours[chosen]).max()))
        results[batch] = measure(predict, faces[chosen], arguments.seconds)
    print(json.dumps({"batches": results, "largest_difference": max(differences)}))


if __name__ == "__main__":
    main()
