"""What people see of ferkit: a predictor, and its results as light objects and as arrays."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Union, overload

import numpy as np
import numpy.typing as npt

from . import _core

Image = Union[npt.NDArray[np.uint8], str, "os.PathLike[str]", bytes, bytearray, memoryview]
"""A picture: pixels (uint8 [H,W], [H,W,3] or [H,W,4]), a file's path, or a file's content."""

_COLOURS = {3: ("bgr", "rgb"), 4: ("bgra", "rgba")}
_COLUMNS = ("picture", "face", "x", "y", "width", "height", "score", "label", "probability")


class Box(NamedTuple):
    """Pixels of the picture; x to the right, y down, from its upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a picture."""

    box: Box
    """Cut at the picture's borders, not empty."""
    score: float
    """How sure the detector is, in [0, 1]."""
    label: str
    """The most probable class."""
    probability: float
    """Of that class."""
    probabilities: dict[str, float]
    """Of each class, in the order of ``Predictor.labels``; their sum is 1."""

    def to_dict(self) -> dict[str, Any]:
        """As ``fer-predict --format jsonl`` writes a face: rounded to nine decimals."""
        return {
            "box": list(self.box),
            "score": _rounded(self.score),
            "track": None,
            "label": self.label,
            "probability": _rounded(self.probability),
            "probabilities": {name: _rounded(p) for name, p in self.probabilities.items()},
        }


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a model's file says of it."""

    name: str
    file: str
    architecture: str
    creator: str
    licence: str
    data: str
    data_fingerprint: str
    input_side: int
    temperature: float
    weight: float


class Result(Sequence[Face]):
    """The faces of one picture, from left to right; or, in a list, why there are none."""

    __slots__ = ("faces", "source", "width", "height", "error", "_labels", "_arrays")

    def __init__(
        self, source: str, labels: tuple[str, ...], found: tuple[Any, ...], error: str | None
    ) -> None:
        self.source = source
        """The path of a picture that came as a file, else empty."""
        self.error = error
        """What is wrong with this picture of a list; None where nothing is."""
        self.width: int = found[1]
        """Of the picture, upright, in pixels; 0 where it could not be read."""
        self.height: int = found[2]
        self.faces: tuple[Face, ...] = tuple(_faces(found[3:], labels))
        self._labels = labels
        self._arrays = found[3:]

    @overload
    def __getitem__(self, index: int) -> Face: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Face, ...]: ...
    def __getitem__(self, index: int | slice) -> Face | tuple[Face, ...]:
        return self.faces[index]

    def __len__(self) -> int:
        return len(self.faces)

    def __iter__(self) -> Iterator[Face]:
        return iter(self.faces)

    def __repr__(self) -> str:
        what = self.error or ", ".join(f"{face.label} {face.probability:.3f}" for face in self)
        return f"<ferkit.Result {self.source or 'picture'} {self.width}x{self.height}: {what or 'no face'}>"

    def to_dict(self) -> dict[str, Any]:
        """As ``fer-predict --format jsonl`` writes a still picture."""
        start = {"source": self.source, "frame": 0}
        if self.error is not None:
            return {**start, "error": self.error}
        size = {"time_s": 0.0, "width": self.width, "height": self.height}
        return {**start, **size, "faces": [face.to_dict() for face in self]}

    def to_numpy(self) -> npt.NDArray[np.void]:
        """A record a face; ``to_numpy`` of the module says which fields it has."""
        return to_numpy([self])


class Predictor:
    """Loads models and a detector once, predicts often.

    Any number of threads may use one predictor at the same time: the interpreter's lock is released
    while it works, and the results are those of one thread, to the last bit.

    models: a file, a run folder or the name of a released model; several are averaged. Without
        it, it is the released default.
    detector: auto, yunet, centerface, haar, or none (the whole picture is the face).
    tta: views of each face that are averaged: none, flip, shifts, ten-crop.
    precision: of classifier and detector. float32 gives the same classes on every processor
        (numbers differ from the seventh digit on); bfloat16; int8, of models that have scales for
        it, the detector staying in float32; auto, the fastest for each on this processor.
    small_faces: also look for small faces in large pictures; slower.
    threads: cores that one call may use, at most 1024; 0 is one a core of the process.

    Raises Error, a ValueError, for what is not there, broken or not allowed.
    """

    def __init__(
        self,
        models: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] | None = None,
        detector: str = "auto",
        *,
        tta: str = "none",
        precision: str = "float32",
        small_faces: bool = True,
        threads: int = 0,
    ) -> None:
        if models is None:
            models = []
        elif isinstance(models, (str, os.PathLike)):
            models = [models]
        self._options: dict[str, Any] = {
            "models": [os.fspath(model) for model in models],
            "detector": detector,
            "tta": tta,
            "precision": precision,
            "small_faces": small_faces,
            "threads": threads,
        }
        self._core = _core.Predictor(**self._options)
        self._labels = tuple(self._core.labels())

    @overload
    def predict(
        self, image: list[Image] | tuple[Image, ...], *, channels: str | None = None
    ) -> list[Result]: ...
    @overload
    def predict(self, image: Image, *, channels: str | None = None) -> Result: ...
    def predict(self, image: Any, *, channels: str | None = None) -> Result | list[Result]:
        """The faces of a picture, or of each picture of a list or tuple.

        image: a NumPy array of pixels, the path of a file, or a file's content; files are turned
            upright as their EXIF block says. The pictures of a list may be of different kinds. They
            are searched at the same time and classified together, which is faster than one after
            another.
        channels: which colour comes first in arrays with colours: "bgr" (OpenCV) or "rgb" (Pillow,
            imageio, matplotlib), which covers arrays with alpha, too. Grey arrays need none.

        Raises Error for a picture that cannot be searched. In a list it has ``Result.error``
        instead, and leaves the others alone.
        """
        if isinstance(image, (list, tuple)):
            return self._results(image, channels)
        result = self._results([image], channels)[0]
        if result.error is not None:
            raise _core.Error(result.error)
        return result

    def classify(
        self, crops: Sequence[npt.NDArray[np.uint8]], *, channels: str | None = None
    ) -> npt.NDArray[np.float64]:
        """Probabilities [N, C] of pictures that are faces already; no detector is asked.

        crops: pixels, as in ``predict``, of any size. Raises Error that names the number, from 0,
        of a crop that is no picture.
        """
        pictures = [_pixels(crop, channels) for crop in crops]
        return self._core.classify(pictures)[3]

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, in the order of probabilities."""
        return self._labels

    @property
    def models(self) -> tuple[ModelCard, ...]:
        """What the models' files say of them."""
        return tuple(ModelCard(**card) for card in self._core.models())

    @property
    def detector(self) -> str:
        """The detector that was chosen: yunet, centerface, haar or none."""
        return self._core.detector()

    def _results(self, images: Sequence[Any], channels: str | None) -> list[Result]:
        pictures = [_picture(image, channels) for image in images]
        sources = [os.fsdecode(held) if kind == "file" else "" for kind, held in pictures]
        found = self._core.predict(pictures)
        return [
            Result(source, self._labels, one, one[0] or None)
            for source, one in zip(sources, found, strict=True)
        ]

    def __repr__(self) -> str:
        names = ", ".join(card.name for card in self.models)
        return f"<ferkit.Predictor of {names}, detector {self.detector}>"

    def __reduce__(self) -> tuple[Any, ...]:
        # Pickling for multiprocessing: the other process loads the files again.
        return _predictor_of, (self._options,)


def to_numpy(results: Iterable[Result]) -> npt.NDArray[np.void]:
    """The faces of all these results as one record array, which ``pandas.DataFrame`` takes as is.

    A record a face: ``picture`` (the number of its result, from 0), ``face`` (its number in the
    picture), ``x``, ``y``, ``width``, ``height``, ``score``, ``label``, ``probability``, and a field
    with the probability of each class, which has the class's name (with ``class_`` before it
    where another field has that name).
    """
    results = list(results)
    labels = results[0]._labels if results else ()
    if any(result._labels != labels for result in results):
        raise ValueError("the results are of predictors with other classes than the first")
    columns = [f"class_{name}" if name in _COLUMNS else name for name in labels]
    longest = max((len(name) for name in labels), default=1)
    types: list[Any] = [(name, np.int64) for name in _COLUMNS[:2]]
    types += [(name, np.int32) for name in _COLUMNS[2:6]]
    types += [("score", np.float64), ("label", f"U{longest}"), ("probability", np.float64)]
    types += [(name, np.float64) for name in columns]
    records = np.zeros(sum(map(len, results)), dtype=types)
    start = 0
    for number, result in enumerate(results):
        part = records[start : start + len(result)]
        start += len(result)
        boxes, scores, best, probabilities = result._arrays
        part["picture"] = number
        part["face"] = np.arange(len(result))
        part["score"] = scores
        part["label"] = [face.label for face in result]
        part["probability"] = [face.probability for face in result]
        for i, name in enumerate(_COLUMNS[2:6]):
            part[name] = boxes[:, i]
        for i, name in enumerate(columns):
            part[name] = probabilities[:, i]
    return records


def _predictor_of(options: dict[str, Any]) -> Predictor:
    return Predictor(**options)


def _rounded(value: float) -> float:
    # Rounds as fer-predict does; Python's round() differs.
    return math.floor(value * 1e9 + 0.5) / 1e9


def _faces(arrays: tuple[Any, ...], labels: tuple[str, ...]) -> Iterator[Face]:
    boxes, scores, best, probabilities = (array.tolist() for array in arrays)
    for box, score, label, row in zip(boxes, scores, best, probabilities, strict=True):
        yield Face(Box(*box), score, labels[label], row[label], dict(zip(labels, row, strict=True)))


def _picture(image: Any, channels: str | None) -> tuple[str, Any]:
    if isinstance(image, np.ndarray):
        return _pixels(image, channels)
    if isinstance(image, (str, os.PathLike)):
        return "file", os.fsencode(image)
    if isinstance(image, (bytes, bytearray, memoryview)):
        return "bytes", np.frombuffer(image, dtype=np.uint8)
    raise TypeError(
        f"a picture is a NumPy array, a path, or the bytes of a file, not {type(image).__name__}"
    )


def _pixels(image: Any, channels: str | None) -> tuple[str, Any]:
    if not isinstance(image, np.ndarray):
        raise TypeError(f"a crop is a NumPy array, not {type(image).__name__}")
    if image.dtype != np.uint8:
        raise TypeError(f"an array of pixels has the type uint8, not {image.dtype}")
    if channels not in (None, "bgr", "rgb"):
        raise ValueError(f"channels: {channels!r} is not known; allowed: 'bgr', 'rgb'")
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[:, :, 0]
    if image.ndim == 2:
        return "grey", _with_whole_rows(image, 1)
    if image.ndim != 3 or image.shape[2] not in _COLOURS:
        raise ValueError(
            f"an array of pixels has the shape [H,W], [H,W,3] or [H,W,4], not {list(image.shape)}; "
            "several pictures come as a list"
        )
    if channels is None:
        raise ValueError(
            "an array with colours needs channels='bgr' (OpenCV) or channels='rgb' (Pillow, imageio)"
        )
    count = image.shape[2]
    return _COLOURS[count][channels == "rgb"], _with_whole_rows(image, count)


def _with_whole_rows(image: Any, channels: int) -> Any:
    """The array, or a copy of it where the pixels of a row do not lie beside each other."""
    whole = image.strides[1:] == (channels, 1)[: image.ndim - 1]
    return image if whole and image.strides[0] > 0 else np.ascontiguousarray(image)
