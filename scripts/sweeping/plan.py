"""Which runs a sweep consists of, and how fer-train is called for each."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import pathlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sweeping.records import SweepError

Value = str | int | float | bool | list

OPTION = re.compile(r"[a-z][a-z0-9_-]*")
# Options that this script itself passes to fer-train.
RESERVED = ("config", "data", "name", "output", "resume", "seed")
RUN_NAME = "run"  # fer-train's --name: its folders are run-1, run-2, ...


@dataclass(frozen=True)
class Combination:
    name: str
    options: dict[str, Value]


@dataclass(frozen=True)
class Run:
    """A combination with a seed, and the folder in which it is trained."""

    combination: Combination
    seed: int
    folder: pathlib.Path
    settings: dict  # everything that the result depends on
    first_command: list[str]
    resume_command: list[str]  # without the run folder

    def read(self, file: str) -> dict | None:
        """The JSON of one of this script's files in the folder; None where there is none."""
        path = self.folder / file
        try:
            return json.loads(path.read_text())
        except FileNotFoundError:
            return None
        except ValueError as error:
            raise SweepError(f"{path}: is not valid JSON: {error}") from error

    def checkpoint_folder(self) -> pathlib.Path | None:
        """The newest of fer-train's folders that can be resumed."""
        numbered = {
            int(path.parent.name.rpartition("-")[2]): path.parent
            for path in self.folder.glob(f"{RUN_NAME}-*/last.ckpt")
            if path.parent.name.rpartition("-")[2].isdigit()
        }
        return numbered[max(numbered)] if numbered else None

    def next_command(self) -> list[str]:
        checkpoint = self.checkpoint_folder()
        if checkpoint is None:
            return self.first_command
        return [*self.resume_command, f"--resume={checkpoint}"]


def option_name(text: str) -> str:
    name = text.strip().replace("-", "_")
    if not OPTION.fullmatch(name):
        raise argparse.ArgumentTypeError(f"{text!r} is not the name of an option")
    if name in RESERVED:
        raise argparse.ArgumentTypeError(f"{name!r} cannot be varied here; see --help")
    return name


def grid_axis(text: str) -> tuple[str, list[str]]:
    """The option's name and its values, of a text such as lr=0.03,0.06."""
    name, equals, values = text.partition("=")
    parts = [value.strip() for value in values.split(",")]
    if not equals or "" in parts or len(set(parts)) < len(parts):
        raise argparse.ArgumentTypeError(
            f"{text!r} should be an option and its different values: lr=0.03,0.06"
        )
    return option_name(name), parts


def seed_list(text: str) -> list[int]:
    try:
        seeds = [int(part) for part in text.split(",")]
    except ValueError:
        seeds = []
    if not seeds or min(seeds) < 0 or len(set(seeds)) < len(seeds):
        raise argparse.ArgumentTypeError(f"{text!r} should be different whole numbers: 0,1,2")
    return seeds


def read_row(entry: object, origin: str) -> Combination:
    fits = isinstance(entry, dict) and set(entry) <= {"name", "set"}
    if not fits or not isinstance(entry.get("name"), str) or not entry["name"]:
        raise SweepError(f'{origin}: should be {{"name": ..., "set": {{option: value}}}}')
    options = entry.get("set", {})
    if not isinstance(options, dict):
        raise SweepError(f"{origin}: 'set' should be an object of option values")
    try:
        return Combination(entry["name"], {option_name(key): options[key] for key in options})
    except argparse.ArgumentTypeError as error:
        raise SweepError(f"{origin}: {error}") from error


def read_rows(path: str | None) -> list[Combination]:
    """The rows of --rows; one that changes nothing where there is no such file."""
    if path is None:
        return [Combination("", {})]
    try:
        entries = json.loads(pathlib.Path(path).read_text())
    except OSError as error:
        raise SweepError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise SweepError(f"{path}: is not valid JSON: {error}") from error
    if not isinstance(entries, list) or not entries:
        raise SweepError(f"{path}: should hold a JSON list of rows")
    return [read_row(entry, f"{path}: row {i}") for i, entry in enumerate(entries, 1)]


def text_of(value: Value) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def flag_words(name: str, value: Value) -> list[str]:
    """What says `value` on fer-train's command line; true and false are its switches."""
    flag = name.replace("_", "-")
    if isinstance(value, list):
        return [word for entry in value for word in flag_words(name, entry)]
    if value is None or isinstance(value, dict):
        raise SweepError(f"option '{name}': {text_of(value)} is not a value of an option")
    text = text_of(value)
    if text in ("true", "false"):
        return [f"--{flag}" if text == "true" else f"--no-{flag}"]
    return [f"--{flag}={text}"]


def file_name(text: str) -> str:
    """The text without what is awkward in a file's name."""
    return re.sub(r"[^A-Za-z0-9.+=,_-]+", "-", text).lstrip(".") or "-"


def combine(row: Combination, choice: Sequence[tuple[str, str]]) -> Combination:
    twice = [name for name, _ in choice if name in row.options]
    if twice:
        raise SweepError(f"row '{row.name}' sets '{twice[0]}', and so does --grid")
    parts = [row.name] if row.name else []
    parts += [f"{name.replace('_', '-')}={value}" for name, value in choice]
    return Combination(file_name("_".join(parts) or "base"), {**row.options, **dict(choice)})


def combinations(arguments: argparse.Namespace) -> list[Combination]:
    names = [name for name, _ in arguments.grid]
    if len(set(names)) < len(names):
        raise SweepError("--grid: an option is given twice; name all its values in one --grid")
    choices = list(
        itertools.product(*([(name, value) for value in values] for name, values in arguments.grid))
    )
    found = [combine(row, choice) for row in read_rows(arguments.rows) for choice in choices]
    seen: set[str] = set()
    for combination in found:
        if combination.name in seen:
            raise SweepError(f"two combinations would share the name '{combination.name}'")
        seen.add(combination.name)
    return found


def read_config(path: str) -> str:
    try:
        return pathlib.Path(path).read_text()
    except OSError as error:
        raise SweepError(f"{path}: cannot be read: {error.strerror}") from error


def plan_run(
    arguments: argparse.Namespace, config: str, combination: Combination, seed: int
) -> Run:
    folder = pathlib.Path(arguments.output) / f"{combination.name}_seed={seed}"
    program = str(pathlib.Path(arguments.programs) / "fer-train")
    options = [
        word for name, value in combination.options.items() for word in flag_words(name, value)
    ]
    data = [f"--data={spec}" for spec in arguments.data]
    start = [f"--config={arguments.config}", *data, f"--output={folder}", f"--name={RUN_NAME}"]
    return Run(
        combination=combination,
        seed=seed,
        folder=folder,
        settings={
            "config": config,
            "data": arguments.data,
            "options": combination.options,
            "seed": seed,
            "flags": arguments.flags,
        },
        first_command=[program, *start, *options, f"--seed={seed}", *arguments.flags],
        resume_command=[program, *arguments.flags],
    )


def check_flags(flags: Sequence[str], varied: Sequence[Combination]) -> None:
    """fer-train takes the last of two values: a flag behind -- would silently win."""
    taken = {*RESERVED, *(name for combination in varied for name in combination.options)}
    for word in flags:
        name = word.partition("=")[0].removeprefix("--").replace("-", "_")
        if word.startswith("--") and (name in taken or name.removeprefix("no_") in taken):
            raise SweepError(f"{word}: cannot be given behind --, as the sweep sets it itself")


def plan(arguments: argparse.Namespace) -> list[Run]:
    config = read_config(arguments.config)
    varied = combinations(arguments)
    check_flags(arguments.flags, varied)
    return [
        plan_run(arguments, config, combination, seed)
        for combination in varied
        for seed in arguments.seeds
    ]


def check(arguments: argparse.Namespace, runs: Sequence[Run]) -> None:
    """Says before hours of training what would be wrong after them."""
    program = pathlib.Path(arguments.programs) / "fer-train"
    if not os.access(program, os.X_OK) or not program.is_file():
        raise SweepError(f"{program}: no such program; build it, or point --programs to it")
    for run in runs:
        before = run.read("settings.json")
        changed = [key for key in run.settings if before and before.get(key) != run.settings[key]]
        if changed:
            raise SweepError(
                f"{run.folder}: was trained with a different {' and '.join(changed)}; choose another "
                "--output, or remove that folder"
            )
    for path in (arguments.json, arguments.markdown):
        if path and pathlib.Path(path).is_dir():
            raise SweepError(f"{path}: is a folder, not a file")
