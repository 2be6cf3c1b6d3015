#!/usr/bin/env python3
"""Are faces in a picture judged as fer-eval judges FER2013's own crops?

    .deps/test-venv/bin/python scripts/detection/pasted_faces.py --yunet FILE.onnx \\
        --margins 0,0.9,1,1.1 --align auto,off --threads 2 -- --small-faces

Pastes the faces of FER2013's PublicTest, enlarged, tinted and turned a little, into backgrounds
that it draws; lets fer-predict find and classify them with each detector, margin and alignment; and
sets what it says beside fer-eval's predictions for the very same faces. What is behind -- goes to
fer-predict as it is. A detector passes when, on the faces it found, fer-predict's accuracy is
within 3 points of fer-eval's and the share of every predicted class within 10.

With --ferplus, accuracy is also told by what most people said of each face, on the faces of which
they agree. With --turns 0,30,60 there are scenes for each of these angles, in which all faces are turned by it.

Into OUTPUT go scenes/ (reused by the next call; they show people's faces: keep them to yourself),
report.md, report.json, and the predictions of each setting in fer-eval.csv and fer-predict/. The
report is printed, too.

Exit codes: 0 every detector passes with its usual crop (margin 0, --align auto), 1 one does not, or
an error, 2 usage, 130 interrupted. Needs numpy and Pillow; .deps/test-venv has them.
"""

from __future__ import annotations

import argparse
import pathlib
import sys
from dataclasses import asdict

try:
    from fer2013 import read_split
    from ferplus import read_majorities
    from options import parse_arguments, scene_options, scene_sets, settings_of
    from programs import Programs, check_flags, evaluate, predict
    from records import DetectionError, note, write_json, write_text
    from scenes import make_scenes
    from tables import as_json, report
    from verdict import Result, judge
except ModuleNotFoundError as missing:
    if missing.name not in ("numpy", "PIL"):
        raise
    sys.exit("error: needs numpy and Pillow; run it with .deps/test-venv/bin/python")

INTERRUPTED = 130


def programs_of(arguments: argparse.Namespace) -> Programs:
    models = [f"--model={model}" for model in arguments.model]
    shared = (*models, f"--tta={arguments.tta}", f"--threads={arguments.threads}")
    check_flags(arguments.flags)
    programs = Programs(pathlib.Path(arguments.programs), shared, tuple(arguments.flags))
    for name in ("fer-eval", "fer-predict"):
        programs.path(name)  # before minutes of drawing
    if arguments.yunet and not pathlib.Path(arguments.yunet).is_file():
        raise DetectionError(f"--yunet {arguments.yunet}: no such file")
    return programs


def finish(arguments: argparse.Namespace, results: list[Result], output: pathlib.Path) -> int:
    """Writes and prints the report; the exit code."""
    text = report(results)
    write_text(output / "report.md", text)
    options = {
        key: getattr(arguments, key) for key in ("data", "split", "model", "tta", "flags", "turns")
    }
    scenes = asdict(scene_options(arguments))
    content = {"options": options, "scenes": scenes, "results": [as_json(r) for r in results]}
    write_json(output / "report.json", content)
    print(text, end="")
    failed = [result for result in results if result.setting.is_default and not result.accepted]
    for result in failed:
        why = "is too far from fer-eval" if result.found else "found no face at all"
        note(f"failed: {result.setting.detector} with its usual crop {why}")
    return 1 if failed else 0


def majorities_of(arguments: argparse.Namespace, faces: int) -> list[str | None] | None:
    if not arguments.ferplus:
        return None
    majorities = read_majorities(pathlib.Path(arguments.ferplus), arguments.split)
    if len(majorities) != faces:
        raise DetectionError(
            f"{arguments.ferplus}: has votes on {len(majorities)} faces of split "
            f"{arguments.split}, {arguments.data} has {faces}"
        )
    return majorities


def measure(arguments: argparse.Namespace) -> int:
    programs = programs_of(arguments)
    output = pathlib.Path(arguments.output)
    data = pathlib.Path(arguments.data)
    faces = read_split(data, arguments.split)
    count = min(arguments.faces or len(faces), len(faces))
    drawn = {}
    for name, options in scene_sets(arguments).items():
        drawn[name] = make_scenes(output / name, faces, count, options)
        note(f"{len(drawn[name])} scenes with {count} faces in {output / name}")
    majorities = majorities_of(arguments, len(faces))
    note("fer-eval")
    eval_labels = evaluate(programs, data, arguments.split, faces, output)
    results = []
    for name, options in scene_sets(arguments).items():
        pictures = drawn[name][0].picture.parent
        for setting in settings_of(arguments):
            note(f"fer-predict: {setting.name}, {name}")
            detections = predict(programs, setting, pictures, output / "fer-predict" / name)
            results.append(
                judge(setting, drawn[name], detections, eval_labels, options.turned, majorities)
            )
    return finish(arguments, results, output)


if __name__ == "__main__":
    try:
        sys.exit(measure(parse_arguments(sys.argv[1:], __doc__)))
    except (DetectionError, OSError) as error:
        sys.exit(f"error: {error}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
