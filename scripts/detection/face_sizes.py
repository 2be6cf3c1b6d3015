#!/usr/bin/env python3
"""How small may a face be to be found in a large picture?

    .deps/test-venv/bin/python scripts/detection/face_sizes.py PHOTO... [--size 4000x3000]
        [--heights 60,80,100] [--programs build/release/bin] -- --detector centerface

Lets fer-predict find the faces of some photos, enlarged where they are small; pastes each, with its
surroundings, into a smooth background of --size so that its box is as high as each of --heights; lets
fer-predict look at these, once with --small-faces and once with --no-small-faces, and prints how many
were found and how many boxes are false. What is behind -- goes to fer-predict as it is.

The pictures are removed at the end: they show people. Needs Pillow; .deps/test-venv has it.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

from PIL import Image, ImageFilter

COLUMNS, ROWS = 3, 2  # faces in a picture
SURROUNDINGS = 0.6  # on each side, in heights of the box

Box = tuple[int, int, int, int]


def predict(program: pathlib.Path, flags: list[str], source: pathlib.Path) -> dict[str, list[Box]]:
    """The boxes found in each picture of a folder, or in one picture."""
    command = [str(program), *flags, "--format", "jsonl", "--quiet", str(source)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    frames = [json.loads(line) for line in done.stdout.splitlines()]
    return {
        pathlib.Path(frame["source"]).name: [tuple(face["box"]) for face in frame["faces"]]
        for frame in frames
    }


def heads(program: pathlib.Path, flags: list[str], photos: list[str]) -> list[tuple]:
    """(picture, height of its face's box) of each face."""
    found = []
    for photo in photos:
        picture = Image.open(photo).convert("RGB")
        for x, y, width, height in predict(program, flags, pathlib.Path(photo))[
            pathlib.Path(photo).name
        ]:
            margin = round(SURROUNDINGS * height)
            box = (
                max(0, x - margin),
                max(0, y - margin),
                min(picture.width, x + width + margin),
                min(picture.height, y + height + margin),
            )
            centre = (x + width / 2 - box[0], y + height / 2 - box[1])
            found.append((picture.crop(box), height, centre))
    return found[: COLUMNS * ROWS]


def background(size: tuple[int, int]) -> Image.Image:
    small = Image.new("RGB", (16, 12))
    small.putdata([tuple(random.randrange(40, 220) for _ in range(3)) for _ in range(16 * 12)])
    return small.resize(size, Image.Resampling.BICUBIC)


def scene(faces: list[tuple], size: tuple[int, int], height: int) -> tuple[Image.Image, list]:
    """The picture, and where the centres of its faces are."""
    picture, centres = background(size), []
    for i, (head, box_height, centre) in enumerate(faces):
        scale = height / box_height
        small = head.resize(
            (max(1, round(head.width * scale)), max(1, round(head.height * scale))),
            Image.Resampling.LANCZOS,
        )
        x, y = (
            int((place + 0.5) * side / count)
            - extent // 2
            + random.randrange(-side // 14, side // 14)
            for place, side, count, extent in (
                (i % COLUMNS, size[0], COLUMNS, small.width),
                (i // COLUMNS, size[1], ROWS, small.height),
            )
        )
        edge = max(1, small.width // 12)
        mask = Image.new("L", small.size, 0)
        mask.paste(255, (edge, edge, small.width - edge, small.height - edge))
        picture.paste(small, (x, y), mask.filter(ImageFilter.GaussianBlur(edge / 2)))
        centres.append((x + centre[0] * scale, y + centre[1] * scale))
    return picture, centres


def hits(boxes: list[Box], centres: list, height: int) -> int:
    def is_at(box: Box, centre) -> bool:
        x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
        return abs(x - centre[0]) < height / 2 and abs(y - centre[1]) < height / 2

    return sum(any(is_at(box, centre) for box in boxes) for centre in centres)


def measure(arguments: argparse.Namespace) -> None:
    program = pathlib.Path(arguments.programs) / "fer-predict"
    width, height = (int(side) for side in arguments.size.split("x"))
    heights = [int(text) for text in arguments.heights.split(",")]
    faces = heads(program, arguments.flags, arguments.photos)
    if not faces:
        sys.exit("error: no face is found in the photos themselves")
    random.seed(1)
    with tempfile.TemporaryDirectory() as folder:
        centres = {}
        for face in heights:
            picture, centres[face] = scene(faces, (width, height), face)
            picture.save(pathlib.Path(folder) / f"{face}.jpg", quality=92)
        print("| search | " + " | ".join(map(str, heights)) + " | seconds a picture |")
        print("| --- |" + " ---: |" * (len(heights) + 1))
        for flag in ("--no-small-faces", "--small-faces"):
            start = time.monotonic()
            found = predict(program, [*arguments.flags, flag], pathlib.Path(folder))
            seconds = (time.monotonic() - start) / len(heights)
            cells = []
            for face in heights:
                boxes = found[f"{face}.jpg"]
                hit = hits(boxes, centres[face], face)
                false = len(boxes) - hit
                cells.append(f"{hit}/{len(faces)}" + (f" + {false} false" if false else ""))
            print(f"| `{flag}` | " + " | ".join(cells) + f" | {seconds:.2f} |")


def parse(words: list[str]) -> argparse.Namespace:
    own, flags = words, []
    if "--" in words:
        own, flags = words[: words.index("--")], words[words.index("--") + 1 :]
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photos", nargs="+", metavar="PHOTO")
    parser.add_argument("--size", default="4000x3000", help="of the pictures [4000x3000]")
    parser.add_argument("--heights", default="40,60,80,100,120,160,200,240,300,400")
    parser.add_argument("--programs", default="build/release/bin")
    arguments = parser.parse_args(own)
    arguments.flags = flags
    return arguments


if __name__ == "__main__":
    measure(parse(sys.argv[1:]))
