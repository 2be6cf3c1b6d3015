"""Pictures of nothing in particular, for faces to be found in."""

from __future__ import annotations

import colorsys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
MUTED = 0.7  # how grey the clouds are


def random_colour(rng: np.random.Generator) -> Colour:
    hue, saturation, value = rng.random(), rng.uniform(0, 0.6), rng.uniform(0.15, 0.95)
    red, green, blue = (round(255 * part) for part in colorsys.hsv_to_rgb(hue, saturation, value))
    return red, green, blue


def gradient(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """One colour turning into another in some direction: float32 [H,W,3], 0 to 255."""
    angle = rng.uniform(0, 2 * np.pi)
    x = np.linspace(-0.5, 0.5, width, dtype=np.float32)
    y = np.linspace(-0.5, 0.5, height, dtype=np.float32)
    along = (np.cos(angle) * x[None, :] + np.sin(angle) * y[:, None]) / np.sqrt(2) + 0.5
    first, second = (np.array(random_colour(rng), dtype=np.float32) for _ in range(2))
    return first + along[..., None].astype(np.float32) * (second - first)


def clouds(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Soft patches of several sizes: float32 [H,W,3] around 0."""
    total = np.zeros((height, width, 3), dtype=np.float32)
    for cells, strength in ((3, 0.7), (8, 0.5), (24, rng.uniform(0.05, 0.3))):
        rows = max(2, round(cells * height / width))
        colours = rng.uniform(0, 255, (rows, cells, 3))
        grey = colours.mean(axis=2, keepdims=True)
        coarse = (MUTED * grey + (1 - MUTED) * colours).astype(np.uint8)
        smooth = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        total += (np.asarray(smooth, dtype=np.float32) - 128) * np.float32(strength)
    return total


def draw_thing(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """A shape with hard edges: a door, a lamp, a roof, a cable."""
    width, height = draw.im.size
    colour = random_colour(rng)
    left, top = rng.uniform(-0.1, 0.9) * width, rng.uniform(-0.1, 0.9) * height
    box = (left, top, left + rng.uniform(0.03, 0.35) * width, top + rng.uniform(0.03, 0.4) * height)
    kind = rng.integers(4)
    if kind == 0:
        draw.rectangle(box, fill=colour)
    elif kind == 1:
        draw.ellipse(box, fill=colour)
    elif kind == 2:
        across, down = rng.uniform(box[0], box[2], 4), rng.uniform(box[1], box[3], 4)
        draw.polygon(list(zip(across.tolist(), down.tolist())), fill=colour)
    else:
        draw.line(box, fill=colour, width=int(rng.integers(2, 20)))


def draw_things(rng: np.random.Generator, picture: Image.Image) -> Image.Image:
    """Some behind, out of focus, and some before."""
    for radius in (rng.uniform(4, 14), rng.uniform(0.5, 3)):
        draw = ImageDraw.Draw(picture)
        for _ in range(rng.integers(3, 12)):
            draw_thing(draw, rng)
        picture = picture.filter(ImageFilter.GaussianBlur(radius))
    return picture


def add_stripes(rng: np.random.Generator, pixels: np.ndarray) -> None:
    """A pattern, as of cloth or wallpaper, over a part of the picture."""
    height, width = pixels.shape[:2]
    top, left = int(rng.integers(height // 2)), int(rng.integers(width // 2))
    part = pixels[top : top + height // 2, left : left + width // 2]
    angle, period = rng.uniform(0, np.pi), rng.uniform(6, 60)
    x = np.arange(part.shape[1], dtype=np.float32)[None, :] * np.float32(np.cos(angle))
    y = np.arange(part.shape[0], dtype=np.float32)[:, None] * np.float32(np.sin(angle))
    wave = np.sin((x + y) * np.float32(2 * np.pi / period)) * np.float32(rng.uniform(4, 20))
    part += wave[..., None]


def draw_background(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """-> float32 [H,W,3] RGB, 0 to 255."""
    base = gradient(rng, width, height) + clouds(rng, width, height)
    picture = Image.fromarray(base.clip(0, 255).astype(np.uint8))
    pixels = np.asarray(draw_things(rng, picture), dtype=np.float32).copy()
    for _ in range(rng.integers(3)):
        add_stripes(rng, pixels)
    grain = rng.standard_normal(pixels.shape, dtype=np.float32)
    pixels += grain * np.float32(rng.uniform(1, 6))
    return pixels.clip(0, 255)
