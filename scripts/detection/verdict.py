"""What the detections come to: numbers for one setting, and the tables over all."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fer2013 import LABELS
from matching import Detection, Match, match
from programs import Setting
from records import DetectionError
from scenes import Scene

MOST_ACCURACY_POINTS = 3.0
MOST_SHARE_POINTS = 10.0
ROUNDING = 1e-9
SIZE_BANDS = 3  # of the pasted sides, for the share that is found

Shares = dict[str, float]  # of each label, in %


@dataclass(frozen=True)
class Crops:
    """How the detector's boxes lie about the pasted squares: medians."""

    box_ratio: float  # box's longer side / pasted side
    # pasted side / box's longer side: the --crop-margin that would restore the pasted square
    margin: float
    down: float  # how far the pasted square's centre is below the box's, in pasted sides


@dataclass(frozen=True)
class MajorityOutcome:
    """By FER+'s majority, on the faces that were found and have one, in %."""

    faces: int
    accuracy: float  # through fer-predict
    eval_accuracy: float  # fer-eval's on the same faces


@dataclass(frozen=True)
class Outcome:
    """On the faces that were found; all but counts in % or points."""

    faces: int
    accuracy: float  # through fer-predict
    eval_accuracy: float  # fer-eval's on the same faces
    error: float  # standard error of the difference, for the same faces in both
    agreement: float
    shares: Shares  # of the predicted labels
    eval_shares: Shares
    crops: Crops
    majority: MajorityOutcome | None = None  # if votes were given

    @property
    def difference(self) -> float:
        return self.accuracy - self.eval_accuracy

    @property
    def worst_share(self) -> tuple[str, float]:
        """The label whose share is furthest from fer-eval's, and by how many points."""
        return max(
            ((label, self.shares[label] - self.eval_shares[label]) for label in LABELS),
            key=lambda entry: abs(entry[1]),
        )

    @property
    def accepted(self) -> bool:
        return (
            abs(self.difference) <= MOST_ACCURACY_POINTS + ROUNDING
            and abs(self.worst_share[1]) <= MOST_SHARE_POINTS + ROUNDING
        )


@dataclass(frozen=True)
class Result:
    setting: Setting
    turn: str  # of the faces, in degrees: "up to 10", or "45"
    pasted: int
    scenes: int
    false: int
    found_by_side: dict[str, float]  # in %, for bands of the pasted side in pixels
    outcome: Outcome | None  # None if no face was found

    @property
    def accepted(self) -> bool:
        return self.outcome is not None and self.outcome.accepted

    @property
    def found(self) -> int:
        return self.outcome.faces if self.outcome else 0


def percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def shares(labels: Sequence[str]) -> Shares:
    counts = Counter(labels)
    return {label: percent(counts[label], len(labels)) for label in LABELS}


def standard_error(differences: Sequence[int]) -> float:
    """Of the mean of -1, 0 and 1 a face, in points; 0 for a single face."""
    if len(differences) < 2:
        return 0.0
    return 100 * statistics.stdev(differences) / math.sqrt(len(differences))


def crops_of(found: Sequence[Match]) -> Crops:
    ratio = statistics.median(m.detection.side / m.truth.side for m in found)
    return Crops(
        box_ratio=ratio,
        margin=statistics.median(m.truth.side / m.detection.side for m in found),
        down=statistics.median(
            (m.truth.centre[1] - m.detection.centre[1]) / m.truth.side for m in found
        ),
    )


def majority_outcome(
    found: Sequence[Match], eval_labels: Sequence[str], majorities: Sequence[str | None]
) -> MajorityOutcome:
    clear = [m for m in found if majorities[m.truth.row] is not None]
    right = sum(m.detection.label == majorities[m.truth.row] for m in clear)
    eval_right = sum(eval_labels[m.truth.row] == majorities[m.truth.row] for m in clear)
    return MajorityOutcome(
        len(clear), percent(right, len(clear)), percent(eval_right, len(clear))
    )


def outcome_of(
    found: Sequence[Match],
    eval_labels: Sequence[str],
    majorities: Sequence[str | None] | None = None,
) -> Outcome:
    own = [m.detection.label for m in found]
    reference = [eval_labels[m.truth.row] for m in found]
    right = [label == m.truth.label for label, m in zip(own, found)]
    eval_right = [label == m.truth.label for label, m in zip(reference, found)]
    return Outcome(
        faces=len(found),
        accuracy=percent(sum(right), len(found)),
        eval_accuracy=percent(sum(eval_right), len(found)),
        error=standard_error([a - b for a, b in zip(right, eval_right)]),
        agreement=percent(sum(a == b for a, b in zip(own, reference)), len(found)),
        shares=shares(own),
        eval_shares=shares(reference),
        crops=crops_of(found),
        majority=majority_outcome(found, eval_labels, majorities) if majorities else None,
    )


def found_by_side(scenes: Sequence[Scene], found: Sequence[Match]) -> dict[str, float]:
    sides = sorted(truth.side for scene in scenes for truth in scene.truths)
    hits = sorted(m.truth.side for m in found)
    bands = {}
    for band in range(SIZE_BANDS):
        part = sides[len(sides) * band // SIZE_BANDS : len(sides) * (band + 1) // SIZE_BANDS]
        if part:
            hit = sum(part[0] <= side <= part[-1] for side in hits)
            bands[f"{part[0]:.0f}-{part[-1]:.0f}"] = percent(hit, len(part))
    return bands


def judge(
    setting: Setting,
    scenes: Sequence[Scene],
    detections: Mapping[str, Sequence[Detection]],
    eval_labels: Sequence[str],
    turn: str = "",
    majorities: Sequence[str | None] | None = None,
) -> Result:
    unseen = [scene.picture for scene in scenes if scene.picture.name not in detections]
    if unseen:
        raise DetectionError(f"{unseen[0]}: fer-predict said nothing about it ({setting.name})")
    matched = [match(scene.truths, detections[scene.picture.name]) for scene in scenes]
    found = [one for scene in matched for one in scene.found]
    return Result(
        setting=setting,
        turn=turn,
        pasted=sum(len(scene.truths) for scene in scenes),
        scenes=len(scenes),
        false=sum(len(scene.false) for scene in matched),
        found_by_side=found_by_side(scenes, found),
        outcome=outcome_of(found, eval_labels, majorities) if found else None,
    )
