"""Which detection is which pasted face."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scenes import Truth

MOST_SIZE_RATIO = 2.0


@dataclass(frozen=True)
class Detection:
    """A row of fer-predict's CSV. The box is the detector's, not what was cut out."""

    x: float
    y: float
    width: float
    height: float
    label: str

    @property
    def side(self) -> float:
        """What fer-predict multiplies --crop-margin with."""
        return max(self.width, self.height)

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Match:
    truth: Truth
    detection: Detection


@dataclass(frozen=True)
class Matched:
    found: list[Match]
    missed: list[Truth]
    false: list[Detection]  # no face is there, or another box fits it better


def overlap(truth: Truth, detection: Detection) -> float:
    """Intersection over union of the box with the face's square, turned upright."""
    left, top = (middle - truth.side / 2 for middle in truth.centre)
    width = min(left + truth.side, detection.x + detection.width) - max(left, detection.x)
    height = min(top + truth.side, detection.y + detection.height) - max(top, detection.y)
    both = max(width, 0.0) * max(height, 0.0)
    return both / (truth.side**2 + detection.width * detection.height - both)


def fits(truth: Truth, detection: Detection) -> bool:
    """The box's centre is in the pasted square, and it is neither half nor twice as large."""
    x, y = (a - b for a, b in zip(detection.centre, truth.centre))
    cos, sin = math.cos(math.radians(truth.angle)), math.sin(math.radians(truth.angle))
    inside = max(abs(cos * x + sin * y), abs(cos * y - sin * x)) <= truth.side / 2
    ratio = detection.side / truth.side
    return inside and 1 / MOST_SIZE_RATIO <= ratio <= MOST_SIZE_RATIO


def match(truths: Sequence[Truth], detections: Sequence[Detection]) -> Matched:
    """Best overlap first, each face and each box once."""
    pairs = [(t, d) for t in truths for d in detections if fits(t, d)]
    pairs.sort(key=lambda pair: -overlap(*pair))
    found: list[Match] = []
    used: set[int] = set()
    for truth, detection in pairs:
        if id(truth) not in used and id(detection) not in used:
            used |= {id(truth), id(detection)}
            found.append(Match(truth, detection))
    return Matched(
        found,
        [truth for truth in truths if id(truth) not in used],
        [detection for detection in detections if id(detection) not in used],
    )
