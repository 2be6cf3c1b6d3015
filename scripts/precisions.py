#!/usr/bin/env python3
"""What a model loses in bfloat16 and in 8-bit integers: its accuracy in each precision, and how many faces get
the class that they get in float32.

    scripts/precisions.py nano small [--split val] [--data data/fer2013.csv] [--programs build/release/bin]

A model without scales for 8-bit integers gets some first, by `fer-model quantize` into a temporary folder. Prints a
table in Markdown. What this processor has no instructions for is left out. Needs the standard library.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PRECISIONS = ("float32", "bfloat16", "int8")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="+", metavar="MODEL")
    parser.add_argument("--split", choices=("val", "test"), default="val")
    parser.add_argument(
        "--data", default=str(ROOT / "data" / "fer2013.csv"), help="default %(default)s"
    )
    parser.add_argument("--programs", type=pathlib.Path, default=ROOT / "build" / "release" / "bin")
    return parser.parse_args()


class Programs:
    """The programs, and a folder for what they write."""

    def __init__(self, arguments: argparse.Namespace, folder: pathlib.Path) -> None:
        self.arguments = arguments
        self.folder = folder

    def run(self, program: str, *words: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.arguments.programs / program), *words, "--quiet"]
        return subprocess.run(command, capture_output=True, text=True)

    def with_scales(self, model: str) -> str:
        described = self.run("fer-model", "describe", model, "--json", "-")
        if described.returncode != 0:
            sys.exit(described.stderr.strip())
        if json.loads(described.stdout)["eight_bit"] is not None:
            return model
        output = self.folder / f"{pathlib.Path(model).stem}.safetensors"
        words = (model, "--data", self.arguments.data, "--output", str(output))
        made = self.run("fer-model", "quantize", *words)
        if made.returncode != 0:
            sys.exit(made.stderr.strip())
        return str(output)

    def classes(self, model: str, precision: str) -> tuple[float, list[str]] | None:
        """The accuracy, and the class that each face gets; nothing where the processor cannot."""
        table = self.folder / "predictions.csv"
        words = ("--model", model, "--data", self.arguments.data, "--split", self.arguments.split)
        result = self.run(
            "fer-eval", *words, "--precision", precision, "--json", "-", "--predictions", str(table)
        )
        if result.returncode != 0 and "this processor has no" in result.stderr:
            return None
        if result.returncode != 0:
            sys.exit(result.stderr.strip())
        with table.open(newline="") as rows:
            classes = [row["prediction"] for row in csv.DictReader(rows)]
        return json.loads(result.stdout)["accuracy"], classes


def processor() -> str:
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "")


def main() -> None:
    arguments = parse_arguments()
    print(f"{datetime.date.today()}, {processor()}, images of split {arguments.split}\n")
    print("| model | precision | accuracy | difference, points | equal classes |")
    print("| --- | --- | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(arguments, pathlib.Path(folder))
        for model in arguments.models:
            scaled = programs.with_scales(model)
            exact = programs.classes(scaled, "float32")
            assert exact is not None
            for precision in PRECISIONS:
                found = exact if precision == "float32" else programs.classes(scaled, precision)
                if found is None:
                    continue
                same = sum(a == b for a, b in zip(exact[1], found[1])) / len(exact[1])
                print(
                    f"| {pathlib.Path(model).stem} | {precision} | {found[0]:.2%} "
                    f"| {100 * (found[0] - exact[0]):+.2f} | {same:.2%} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
