"""Scenes: pictures with pasted faces, and beside each a JSON file with what is where."""

from __future__ import annotations

import math
import pathlib
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
from PIL import Image

from background import draw_background
from fer2013 import FaceTable
from pasting import Placement, paste, random_cast, reach_of
from records import DetectionError, note, read_json, write_file, write_json

DRAWING = 1  # increase with every change to how scenes look, so that old scenes are not reused
QUALITY = 95  # of the JPEGs
PROGRESS_EVERY = 50  # scenes


@dataclass(frozen=True)
class SceneOptions:
    width: int = 1280
    height: int = 960
    faces: int = 6  # in a scene; the last may have fewer
    least_side: float = 64
    most_side: float = 200
    turn: float = 10  # degrees either way, at most
    exact: bool = False  # every face is turned by exactly `turn`, to one side or the other
    surroundings: float = 0.35  # see Placement
    seed: int = 0

    @property
    def turned(self) -> str:
        return f"{self.turn:g}" if self.exact else f"up to {self.turn:g}"


@dataclass(frozen=True)
class Truth:
    """A pasted face."""

    centre: tuple[float, float]  # pixels of the picture
    side: float  # of the 48x48 crop, as large as it was pasted
    angle: float  # degrees clockwise as seen
    label: str
    row: int  # in its split


@dataclass(frozen=True)
class Scene:
    picture: pathlib.Path
    truths: list[Truth]


@dataclass(frozen=True)
class Grid:
    columns: int
    rows: int
    cell_width: float
    cell_height: float


def make_grid(options: SceneOptions) -> Grid:
    """Of all with enough cells the one with the roomiest. @raises DetectionError."""
    grids = []
    for rows in range(1, options.faces + 1):
        columns = math.ceil(options.faces / rows)
        grids.append(Grid(columns, rows, options.width / columns, options.height / rows))
    best = max(grids, key=lambda grid: min(grid.cell_width, grid.cell_height))
    room = min(best.cell_width, best.cell_height)
    needed = 2 * reach_of(options.most_side, options.turn, options.surroundings)
    if room < needed + 2:
        raise DetectionError(
            f"{options.faces} faces of {options.most_side:g} pixels have no room in "
            f"{options.width}x{options.height}: each takes {math.ceil(needed)} with its "
            f"surroundings, and has {math.floor(room)}; ask for fewer or smaller faces or a "
            "larger scene"
        )
    return best


def random_angle(rng: np.random.Generator, options: SceneOptions) -> float:
    if options.exact:
        return float(rng.choice((-options.turn, options.turn)))
    return rng.uniform(-options.turn, options.turn)


def place_faces(rng: np.random.Generator, options: SceneOptions, count: int) -> list[Placement]:
    """Each in a cell of its own, anywhere in it."""
    grid = make_grid(options)
    places = []
    for cell in rng.permutation(grid.columns * grid.rows)[:count]:
        side = rng.uniform(options.least_side, options.most_side)
        angle = random_angle(rng, options)
        margin = reach_of(side, angle, options.surroundings) + 1
        x = rng.uniform(margin, grid.cell_width - margin)
        y = rng.uniform(margin, grid.cell_height - margin)
        row, column = divmod(int(cell), grid.columns)
        left, top = column * grid.cell_width, row * grid.cell_height
        places.append(Placement(left + x, top + y, side, angle, options.surroundings))
    return places


def draw_scene(
    faces: FaceTable, rows: list[int], options: SceneOptions, number: int
) -> tuple[Image.Image, list[Truth]]:
    """The same for the same arguments, whatever was drawn before."""
    rng = np.random.default_rng([options.seed, number])
    pixels = draw_background(rng, options.width, options.height)
    truths = []
    for row, place in zip(rows, place_faces(rng, options, len(rows))):
        paste(pixels, faces.images[row], place, random_cast(rng))
        centre = (round(place.x, 3), round(place.y, 3))
        side, angle = round(place.side, 3), round(place.angle, 3)
        truths.append(Truth(centre, side, angle, faces.labels[row], row))
    return Image.fromarray(np.rint(pixels).clip(0, 255).astype(np.uint8)), truths


def rows_of_scenes(faces: FaceTable, count: int, options: SceneOptions) -> list[list[int]]:
    """`count` faces, each once, in random order."""
    order = np.random.default_rng(options.seed).permutation(len(faces))[:count].tolist()
    return [order[i : i + options.faces] for i in range(0, len(order), options.faces)]


def check_settings(folder: pathlib.Path, settings: dict) -> None:
    """@raises DetectionError where the folder holds scenes that were drawn otherwise."""
    path = folder / "settings.json"
    before = read_json(path)
    if before is None:
        if folder.is_dir() and any(folder.iterdir()):
            raise DetectionError(
                f"{folder}: holds files, but no settings.json of drawn scenes; choose another "
                "--output, or remove that folder"
            )
        write_json(path, settings)
        return
    changed = [key for key in settings if before.get(key) != settings[key]]
    if changed:
        raise DetectionError(
            f"{folder}: was drawn with another {' and '.join(changed)}; choose another --output, "
            "or remove that folder"
        )


def reusable(truth_path: pathlib.Path, picture: pathlib.Path, rows: list[int]) -> Scene | None:
    truths = read_json(truth_path) if picture.is_file() else None
    if truths is None:
        return None
    try:
        read = [Truth(**{**face, "centre": tuple(face["centre"])}) for face in truths["faces"]]
    except (KeyError, TypeError) as error:
        raise DetectionError(f"{truth_path}: is not the truth of a scene: {error!r}; remove it") from error
    return Scene(picture, read) if [truth.row for truth in read] == rows else None


def make_scenes(
    folder: pathlib.Path,
    faces: FaceTable,
    count: int,
    options: SceneOptions,
    tell: Callable[[str], None] = note,
) -> list[Scene]:
    """Draws into `folder` the scenes that are not there yet."""
    make_grid(options)
    settings = {
        "drawing": DRAWING,
        "data": faces.fingerprint(),
        "number of faces": count,
        **asdict(options),
    }
    check_settings(folder, settings)
    scenes = []
    plan = rows_of_scenes(faces, count, options)
    for number, rows in enumerate(plan, 1):
        picture = folder / "pictures" / f"scene-{number:05}.jpg"
        truth_path = picture.with_suffix(".json")
        scene = reusable(truth_path, picture, rows)
        if scene is None:
            drawn, truths = draw_scene(faces, rows, options, number)
            write_file(
                picture,
                lambda file: drawn.save(file, format="JPEG", quality=QUALITY, subsampling=0),
            )
            # Written last: a scene with its truth is complete.
            write_json(truth_path, {"faces": [asdict(truth) for truth in truths]})
            scene = Scene(picture, truths)
            if number % PROGRESS_EVERY == 0:
                tell(f"drawn: {number} of {len(plan)} scenes")
        scenes.append(scene)
    check_strangers(scenes)
    return scenes


def check_strangers(scenes: list[Scene]) -> None:
    """fer-predict is given the whole folder."""
    folder = scenes[0].picture.parent
    own = {scene.picture.with_suffix("").name for scene in scenes}
    strangers = sorted(
        path.name
        for path in folder.iterdir()
        if path.stem not in own and path.suffix != ".part"  # which a killed run leaves
    )
    if strangers:
        raise DetectionError(f"{folder}: holds {strangers[0]}, which is not a scene; remove it")
