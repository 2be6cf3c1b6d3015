"""One face of FER2013 in a colour picture: larger, turned, tinted, without a border."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from fer2013 import FACE_SIDE

# FER2013's crops end at the chin and the brow. Beyond the crop, its border is continued, more and more blurred,
# and then fades out.
WHOLE = 0.25  # fraction of the surroundings in which no background shows
BLUR_WITHIN = 0.1  # fraction of the face's side; from there on the surroundings are fully blurred
BLUR = 0.12

LUMA = np.array([0.299, 0.587, 0.114])
SKIN = np.array([0.35, -0.05, -0.4])


@dataclass(frozen=True)
class Placement:
    """Where the 48x48 crop's own square lies in the picture."""

    x: float  # of its centre, pixels of the picture, (0, 0) being its corner
    y: float
    side: float
    angle: float  # degrees clockwise as seen
    surroundings: float  # how far the face is continued beyond its square, in sides; more than 0

    def reach(self) -> float:
        """How far from the centre, along x or y, the face's last traces are."""
        return reach_of(self.side, self.angle, self.surroundings)


def reach_of(side: float, angle: float, surroundings: float) -> float:
    turn = math.radians(angle)
    return side * ((abs(math.cos(turn)) + abs(math.sin(turn))) / 2 + surroundings)


def random_cast(rng: np.random.Generator) -> np.ndarray:
    """How far red, green and blue are lifted or lowered; the brightness stays about the same."""
    if rng.random() < 0.7:
        cast = SKIN * rng.uniform(0.4, 1.2) + rng.normal(0, 0.04, 3)
    else:
        cast = rng.uniform(-0.35, 0.35, 3)  # coloured light
    return cast - LUMA @ cast


def tint(grey: np.ndarray, cast: np.ndarray) -> np.ndarray:
    """uint8 [H,W] -> float32 [H,W,3]. Black stays black and white stays white."""
    levels = np.arange(256, dtype=np.float64)[:, None] / 255
    return (255 * levels ** np.exp(-cast)).astype(np.float32)[grey]


def smooth_step(values: np.ndarray) -> np.ndarray:
    at = values.clip(0, 1)
    return at * at * (3 - 2 * at)


def beyond_square(x: np.ndarray, y: np.ndarray, half: float) -> np.ndarray:
    """How far each point is outside the square around (0, 0); 0 within."""
    return np.hypot((np.abs(x) - half).clip(0), (np.abs(y) - half).clip(0))


def with_surroundings(face: np.ndarray, reach: float) -> Image.Image:
    """uint8 [48,48] -> the face in the middle of what may be around it, `reach` sides of it."""
    pad = math.ceil(reach * FACE_SIDE) + 2
    sharp = Image.fromarray(np.pad(face, pad, mode="edge"))
    soft = np.asarray(sharp.filter(ImageFilter.GaussianBlur(BLUR * FACE_SIDE)), dtype=np.float32)
    at = np.arange(FACE_SIDE + 2 * pad) + 0.5 - (FACE_SIDE / 2 + pad)
    distance = beyond_square(at[None, :], at[:, None], FACE_SIDE / 2)
    weight = smooth_step(distance / (BLUR_WITHIN * FACE_SIDE))
    mixed = np.asarray(sharp, dtype=np.float32) * (1 - weight) + soft * weight
    return Image.fromarray(np.rint(mixed).clip(0, 255).astype(np.uint8))


def paste(picture: np.ndarray, face: np.ndarray, place: Placement, cast: np.ndarray) -> None:
    """Into float32 [H,W,3]; `face` is uint8 [48,48] and all of its reach within the picture."""
    reach = place.reach()
    left, top = math.floor(place.x - reach), math.floor(place.y - reach)
    right, bottom = math.ceil(place.x + reach), math.ceil(place.y + reach)
    across = np.arange(left, right)[None, :] + 0.5 - place.x
    down = np.arange(top, bottom)[:, None] + 0.5 - place.y
    cos, sin = math.cos(math.radians(place.angle)), math.sin(math.radians(place.angle))
    # As the face sees it: upright, its centre at (0, 0).
    own_x, own_y = cos * across + sin * down, cos * down - sin * across
    outside = beyond_square(own_x, own_y, place.side / 2) / place.side
    alpha = 1 - smooth_step((outside / place.surroundings - WHOLE) / (1 - WHOLE))

    source = with_surroundings(face, place.surroundings)
    scale, middle = FACE_SIDE / place.side, source.width / 2
    x, y = left - place.x, top - place.y
    to_source = (
        *(scale * cos, scale * sin, scale * (cos * x + sin * y) + middle),
        *(-scale * sin, scale * cos, scale * (cos * y - sin * x) + middle),
    )
    patch = source.transform(
        (right - left, bottom - top), Image.Transform.AFFINE, to_source, Image.Resampling.BICUBIC
    )
    under = picture[top:bottom, left:right]
    weight = alpha[..., None].astype(np.float32)
    under += weight * (tint(np.asarray(patch), cast) - under)
