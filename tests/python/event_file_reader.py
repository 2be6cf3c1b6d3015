"""Reads a folder of event files as TensorBoard does and compares its scalars with what was written.

    event_file_reader.py FOLDER EXPECTED.json

EXPECTED.json: {tag: [[step, wall time, value], ...]}. Needs the package tensorboard.
"""

import json
import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def read_scalars(folder):
    accumulator = EventAccumulator(folder)
    accumulator.Reload()
    return {
        tag: [[event.step, event.wall_time, event.value] for event in accumulator.Scalars(tag)]
        for tag in accumulator.Tags()["scalars"]
    }


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    expected = json.loads(pathlib.Path(sys.argv[2]).read_text())
    read = read_scalars(sys.argv[1])
    if read != expected:
        sys.exit(f"expected {expected}\nread     {read}")


if __name__ == "__main__":
    main()
