"""Rotation and mirroring as SciPy does them, in pixels, about the middle of the image.

    python augment_reference.py IN.safetensors OUT.safetensors

IN holds `images` [N,H,W], `degrees` [N] and `mirrored` [N] (0 or 1); OUT gets `images` float64
[N,H,W]: mirrored left to right first, then turned; bilinear, the border repeated outside.
"""

import sys

import numpy as np
from safetensors.numpy import load_file, save_file
from scipy.ndimage import map_coordinates


def turned(image, degrees):
    angle = np.deg2rad(degrees)
    middle_y, middle_x = (np.array(image.shape) - 1) / 2
    y, x = np.mgrid[: image.shape[0], : image.shape[1]]
    y, x = y - middle_y, x - middle_x
    source_y = middle_y + np.sin(angle) * x + np.cos(angle) * y
    source_x = middle_x + np.cos(angle) * x - np.sin(angle) * y
    return map_coordinates(image, [source_y, source_x], order=1, mode="nearest")


def main(source, target):
    given = load_file(source)
    images = given["images"].astype(np.float64)
    results = [
        turned(image[:, ::-1] if mirrored else image, degrees)
        for image, degrees, mirrored in zip(images, given["degrees"], given["mirrored"])
    ]
    save_file({"images": np.stack(results)}, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
