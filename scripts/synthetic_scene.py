"""Draws the picture that docs/predict.md shows: three synthetic faces before a wall.

    scripts/synthetic_scene.py OUT.png [--face N]

Takes the faces from fer-data synth (FER_BIN, else build/release/bin). Needs NumPy and OpenCV, as
scripts/detection/pasted_faces.py does. Photos of people stay out of this project.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import subprocess
import tempfile

import cv2
import numpy as np

HEIGHT, WIDTH = 480, 960
# Class, left, top, side, and the skin's blue, green and red.
PLACES = (
    ("happy", 90, 120, 190, (0.80, 0.90, 1.00)),
    ("surprise", 390, 70, 220, (0.85, 0.95, 1.00)),
    ("neutral", 710, 150, 180, (0.75, 0.90, 1.00)),
)


def wall() -> np.ndarray:
    """Float [H,W,3], BGR: lit from the right, with a little grain."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    picture = np.stack(
        [150 + 60 * x / WIDTH, 160 + 40 * y / HEIGHT, 150 + 20 * np.sin(x / 90)], axis=-1
    )
    return picture + np.random.default_rng(3).normal(0, 3, picture.shape)


def paste(picture: np.ndarray, face: np.ndarray, left: int, top: int, side: int, tint) -> None:
    """In place; the face's corners fade into the wall."""
    grey = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC).astype(float)
    coloured = np.clip(grey[..., None] * np.array(tint), 0, 255)
    y, x = np.mgrid[0:side, 0:side]
    radius = np.hypot((x - side / 2) / (side * 0.47), (y - side / 2) / (side * 0.5))
    opacity = np.clip((1.0 - radius) * 12, 0, 1)[..., None]
    part = picture[top : top + side, left : left + side]
    part[:] = part * (1 - opacity) + coloured * opacity


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--face", type=int, default=0, help="which face of each class")
    options = parser.parse_args()
    root = pathlib.Path(__file__).resolve().parents[1]
    programs = pathlib.Path(os.environ.get("FER_BIN", root / "build/release/bin"))
    picture = wall()
    with tempfile.TemporaryDirectory() as folder:
        faces = pathlib.Path(folder) / "faces"
        count = 7 * (options.face + 1)
        subprocess.run(
            [programs / "fer-data", "synth", "--count", str(count), "--output", faces, "--quiet"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        for name, left, top, side, tint in PLACES:
            path = sorted((faces / name).glob("*.png"))[options.face]
            paste(picture, cv2.imread(str(path), cv2.IMREAD_GRAYSCALE), left, top, side, tint)
    cv2.imwrite(options.out, np.clip(picture, 0, 255).astype(np.uint8))


if __name__ == "__main__":
    main()
