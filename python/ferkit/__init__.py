"""Faces in pictures, and which expression each one shows.

>>> import ferkit
>>> for face in ferkit.Predictor().predict("photo.jpg"):
...     print(face.box, face.label, face.probability)

The same library as the program fer-predict and the C++ interface, with the same numbers.
"""

from ._core import Error
from ._core import version as _version
from ._predictor import Box, Face, ModelCard, Predictor, Result, to_numpy

__version__ = _version()
__all__ = ["Box", "Error", "Face", "ModelCard", "Predictor", "Result", "to_numpy", "__version__"]
Error.__module__ = "ferkit"
Error.__doc__ = (
    "What a user can cause: a file, an option, a picture. Its text says what is allowed."
)
