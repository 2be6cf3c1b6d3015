"""How the faces of two runs of fer-predict differ: the table of precisions in docs/detection.md.

    build/release/bin/fer-predict clip.mp4 --smooth 0 --format jsonl > float32.jsonl
    build/release/bin/fer-predict clip.mp4 --smooth 0 --format jsonl --precision bfloat16 > bfloat16.jsonl
    python3 scripts/detection/compare_boxes.py float32.jsonl bfloat16.jsonl

A face is found again where the nearest box of the same frame is less than half a side off.
"""

from __future__ import annotations

import json
import pathlib
import sys

Face = dict


def frames(path: str) -> list[list[Face]]:
    lines = map(json.loads, pathlib.Path(path).read_text().splitlines())
    return [line["faces"] for line in lines if "faces" in line]


def distance(one: Face, other: Face) -> int:
    """The largest difference of two boxes' numbers, in pixels."""
    return max(abs(a - b) for a, b in zip(one["box"], other["box"]))


def found_again(first: list[list[Face]], second: list[list[Face]]) -> list[tuple[Face, Face]]:
    pairs = []
    for before, after in zip(first, second):
        for face in before:
            nearest = min(after, key=lambda other: distance(face, other), default=None)
            if nearest and distance(face, nearest) <= max(face["box"][2:]) / 2:
                pairs.append((face, nearest))
    return pairs


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    first, second = map(frames, sys.argv[1:])
    if len(first) != len(second):
        sys.exit(f"{sys.argv[2]}: has {len(second)} frames, {sys.argv[1]} has {len(first)}")
    pairs = found_again(first, second)
    print(f"faces: {sum(map(len, first))}, and {sum(map(len, second))}")
    print(f"found again: {len(pairs)}")
    print(f"moved by a pixel or more: {sum(distance(*pair) >= 1 for pair in pairs)}")
    print(f"another label: {sum(one['label'] != other['label'] for one, other in pairs)}")


if __name__ == "__main__":
    main()
