"""The command line of pasted_faces.py, and what it asks for."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from fer2013 import USAGES
from programs import NO_LANDMARKS, Setting, searched_detectors
from scenes import SceneOptions

DETECTORS = searched_detectors()
USUAL = SceneOptions()
Value = TypeVar("Value")


def list_of(text: str, parse: Callable[[str], Value], what: str) -> list[Value]:
    """Different values with commas between them."""
    try:
        values = [parse(part.strip()) for part in text.split(",")]
    except (KeyError, ValueError):
        values = []
    if not values or len(set(values)) < len(values):
        raise argparse.ArgumentTypeError(f"{text!r} should be {what}")
    return values


def detector_list(text: str) -> list[str]:
    allowed = {name: name for name in DETECTORS}
    return list_of(text, allowed.__getitem__, f"some of {', '.join(DETECTORS)}")


def margin(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 4:
        raise ValueError
    return value


def margin_list(text: str) -> list[float]:
    return list_of(text, margin, "different numbers from 0 to 4: 0,1,1.1")


def align_list(text: str) -> list[str]:
    allowed = {name: name for name in ("auto", "on", "off")}
    return list_of(text, allowed.__getitem__, "some of auto, on, off")


def turn_list(text: str) -> list[float]:
    return list_of(text, number_from(0, 180, float), "different angles from 0 to 180: 0,30,60")


def pair(text: str, mark: str, parse: Callable[[str], Value]) -> tuple[Value, Value]:
    low, _, high = text.partition(mark)
    try:
        values = parse(low), parse(high)
    except ValueError:
        values = (0, 0)
    if not all(0 < value <= 10_000 for value in values):
        raise argparse.ArgumentTypeError(f"{text!r} should be two numbers, 1{mark}10000 at most")
    return values


def scene_size(text: str) -> tuple[int, int]:
    return pair(text, "x", int)


def side_range(text: str) -> tuple[float, float]:
    low, high = pair(text, "-", float)
    if low > high or low < 16:
        raise argparse.ArgumentTypeError(f"{text!r} should be the least side, 16 or more, and most")
    return low, high


def number_from(
    least: float, most: float, parse: Callable[[str], Value] = int
) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        value = parse(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text} is not from {least:g} to {most:g}")
        return value

    read.__name__ = "number"  # as argparse calls it: invalid number value
    return read


def add_scene_flags(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("scenes").add_argument
    count = number_from(1, 10_000_000)
    add("--faces", type=count, help="how many faces are pasted (default: all of the split)")
    add("--faces-per-scene", type=number_from(1, 1000), default=USUAL.faces, help="%(default)s")
    add("--size", type=scene_size, default="1280x960", metavar="WxH", help="%(default)s")
    add("--sides", type=side_range, default="64-200", metavar="A-B", help="%(default)s pixels")
    turn = number_from(0, 45, float)
    add("--turn", type=turn, default=USUAL.turn, help="%(default)s degrees either way at most")
    add(
        "--turns",
        type=turn_list,
        metavar="A,B",
        help="scenes of their own for each of these angles, all faces turned by just as much, one "
        "way or the other",
    )
    add(
        "--surroundings",
        type=number_from(0.02, 2, float),
        default=USUAL.surroundings,
        help="%(default)s: how far a face goes on, blurred, beyond its tight crop, in sides",
    )
    add("--seed", type=number_from(0, 2**63), default=USUAL.seed, help="%(default)s")


def make_parser(description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/detection/pasted_faces.py",
        description=description,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--data", default="data/fer2013.csv", help="FER2013 as CSV; default %(default)s")
    add(
        "--ferplus",
        metavar="FILE",
        help="FER+'s votes (fer2013new.csv), in the rows of --data: also measure by their majority",
    )
    add("--split", choices=tuple(USAGES), default="val", help="default %(default)s (PublicTest)")
    add("--output", default="runs/pasted-faces", help="default %(default)s")
    add("--programs", default="build/release/bin", help="default %(default)s")
    add(
        "--detectors",
        type=detector_list,
        metavar="A,B",
        help=f"some of {','.join(DETECTORS)}; default all, but yunet only where --yunet is given",
    )
    add("--yunet", metavar="PATH", help="YuNet's file, if it is not where fer-predict looks")
    add(
        "--detector-size",
        type=number_from(32, 4096),
        default=0,
        metavar="SIDE",
        help="of centerface, and of yunet without --yunet",
    )
    add(
        "--margins",
        type=margin_list,
        default="0",
        metavar="A,B",
        help="as fer-predict's --crop-margin; 0: the usual one, measured in any case",
    )
    add(
        "--align",
        type=align_list,
        default="auto",
        metavar="A,B",
        help="as fer-predict's --align: some of auto (the default, measured in any case), on, off",
    )
    add("--model", action="append", default=[], help="as fer-eval's; may repeat")
    add("--tta", default="none", help="of both programs; default %(default)s")
    add("--threads", type=number_from(0, 1024), default=0, help="of both programs; 0: all cores")
    add_scene_flags(parser)
    return parser


def parse_arguments(words: list[str], description: str) -> argparse.Namespace:
    end = words.index("--") if "--" in words else len(words)
    parser = make_parser(description)
    arguments = parser.parse_args(words[:end])
    arguments.flags = words[end + 1 :]
    if arguments.detectors is None:
        arguments.detectors = [
            name for name in DETECTORS if name != "yunet" or arguments.yunet is not None
        ]
    if arguments.yunet and "yunet" not in arguments.detectors:
        parser.error("--yunet is given, but --detectors has no yunet")
    return arguments


def settings_of(arguments: argparse.Namespace) -> list[Setting]:
    """The default of each detector first, whatever else was asked for."""
    settings = []
    for name in arguments.detectors:
        base = Setting(
            name,
            model=arguments.yunet or "" if name == "yunet" else "",
            size=arguments.detector_size,
        )
        settings.append(base)
        for align in arguments.align:
            if align != "auto" and name in NO_LANDMARKS:
                continue
            varied = [replace(base, margin=value, align=align) for value in arguments.margins]
            settings += [setting for setting in varied if not setting.is_default]
    return settings


def scene_sets(arguments: argparse.Namespace) -> dict[str, SceneOptions]:
    """What is drawn, each by the name of its folder."""
    usual = scene_options(arguments)
    if arguments.turns is None:
        return {"scenes": usual}
    return {
        f"scenes-turned-{turn:g}": replace(usual, turn=turn, exact=True) for turn in arguments.turns
    }


def scene_options(arguments: argparse.Namespace) -> SceneOptions:
    (width, height), (least, most) = arguments.size, arguments.sides
    return SceneOptions(
        width=width,
        height=height,
        faces=arguments.faces_per_scene,
        least_side=least,
        most_side=most,
        turn=arguments.turn,
        surroundings=arguments.surroundings,
        seed=arguments.seed,
    )
