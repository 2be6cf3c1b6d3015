from typing import Any

import numpy as np
import numpy.typing as npt

# ("file", path as bytes), ("bytes", uint8 [size]) or (channels, uint8 [H,W] or [H,W,C])
_Picture = tuple[str, bytes | npt.NDArray[np.uint8]]
_Arrays = tuple[
    npt.NDArray[np.int32],  # boxes [F,4]
    npt.NDArray[np.float64],  # scores [F]
    npt.NDArray[np.int32],  # labels [F]
    npt.NDArray[np.float64],  # probabilities [F,C]
]

class Error(ValueError): ...

class Predictor:
    def __init__(
        self,
        *,
        models: list[str],
        tta: str,
        precision: str,
        detector: str,
        small_faces: bool,
        threads: int,
    ) -> None: ...
    def predict(self, pictures: list[_Picture]) -> list[tuple[Any, ...]]: ...
    def classify(self, crops: list[_Picture]) -> _Arrays: ...
    def labels(self) -> list[str]: ...
    def models(self) -> list[dict[str, Any]]: ...
    def detector(self) -> str: ...

def version() -> str: ...
