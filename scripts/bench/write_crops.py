"""Writes the faces of FER2013's CSV as PNG files: write_crops.py FILE FOLDER."""

import pathlib
import shutil
import sys

import pandas_csv
from PIL import Image


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[2])
    # Otherwise, pictures of an earlier run would be predicted, too.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    faces, _, _ = pandas_csv.load(sys.argv[1])
    for number, face in enumerate(faces):
        Image.fromarray(face).save(folder / f"{number:05}.png")


if __name__ == "__main__":
    main()
