#!/usr/bin/env python3
"""Trains with every combination of some options, one run after the other, and ranks them.

    python3 scripts/sweep.py --config configs/nano.json --data data/fer2013.csv \\
        --grid lr=0.03,0.06 --grid ema=0,0.998 --seeds 0,1 -- --threads 2

A combination is one value of each --grid with one row of --rows, a JSON list of
{"name": ..., "set": {option: value, ...}}, over the options of --config. Values that hold commas
("sides": "32,40,48") can only be said in --rows. Each is trained once a
seed, in OUTPUT/NAME/, where NAME says its options. What is behind -- goes to fer-train as it is.

Start the same command again to go on: finished runs stay as they are, one that was interrupted goes
on from its checkpoint, one that failed is tried again. Ctrl-C saves the run in hand and stops.
Exit codes: 0 success, 1 an error or a failed run, 2 usage, 130 interrupted.
"""

from __future__ import annotations

import argparse
import pathlib
import shlex
import sys
from collections.abc import Sequence

from sweeping.plan import Run, check, grid_axis, plan, seed_list
from sweeping.ranking import report
from sweeping.records import SweepError, note
from sweeping.training import INTERRUPTED, Stop, train_all


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/sweep.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", required=True, help="fer-train's config with the base options")
    parser.add_argument("--data", action="append", default=[], help="as fer-train's; may repeat")
    parser.add_argument(
        "--grid",
        action="append",
        default=[],
        type=grid_axis,
        metavar="OPTION=A,B",
        help="an option and its values; may repeat",
    )
    parser.add_argument("--rows", metavar="FILE", help="JSON list of named sets of options")
    parser.add_argument("--seeds", type=seed_list, default=[0], metavar="N,M", help="default 0")
    parser.add_argument("--output", help="default runs/sweep-CONFIG")
    parser.add_argument("--programs", default="build/release/bin", help="default %(default)s")
    parser.add_argument("--json", metavar="FILE", help="write the table and every run as JSON")
    parser.add_argument("--markdown", metavar="FILE", help="write the table as Markdown")
    parser.add_argument("--dry-run", action="store_true", help="only print what would be run")
    return parser


def parse_arguments(words: list[str]) -> argparse.Namespace:
    end = words.index("--") if "--" in words else len(words)
    arguments = make_parser().parse_args(words[:end])
    arguments.flags = words[end + 1 :]
    if arguments.output is None:
        arguments.output = f"runs/sweep-{pathlib.Path(arguments.config).stem}"
    return arguments


def print_plan(runs: Sequence[Run]) -> None:
    for run in runs:
        if run.read("done.json") is not None:
            print(f"# {run.folder.name}: is done")
        else:
            print(shlex.join(run.next_command()))


def main() -> int:
    arguments = parse_arguments(sys.argv[1:])
    runs = plan(arguments)
    check(arguments, runs)
    if arguments.dry_run:
        print_plan(runs)
        return 0
    if not train_all(runs, Stop().listen()):
        note(f"interrupted; to go on: {shlex.join(['python3', *sys.argv])}")
        return INTERRUPTED
    return report(arguments, runs)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (SweepError, OSError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:  # before a run could be saved
        sys.exit(INTERRUPTED)
