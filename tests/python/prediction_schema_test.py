"""What fer-predict --format jsonl writes is as docs/predictions.schema.json says.

    python3 prediction_schema_test.py

Exit code 77 where jsonschema is missing.
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

if importlib.util.find_spec("jsonschema") is None:
    print(f"skipped: {sys.executable} has no jsonschema (scripts/requirements-test.txt)")
    sys.exit(77)

import jsonschema

ROOT = Path(__file__).parents[2]
PROGRAM = Path(os.environ.get("FER_BIN", ROOT / "build/release/bin"), "fer-predict")
SCHEMA = json.loads((ROOT / "docs/predictions.schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
DRAWN = ROOT / "docs/images/predict-annotated.jpg"


def lines_of(*arguments):
    words = [str(word) for word in (PROGRAM, "--format", "jsonl", "--quiet", *arguments)]
    output = subprocess.run(words, capture_output=True, text=True, timeout=120).stdout
    return [json.loads(line) for line in output.splitlines()]


class PredictionSchema(unittest.TestCase):
    def check(self, lines):
        self.assertTrue(lines)
        for line in lines:
            VALIDATOR.validate(line)
            for face in line.get("faces", []):
                self.assertAlmostEqual(sum(face["probabilities"].values()), 1, delta=1e-6)
                self.assertIn(face["label"], [*face["probabilities"], "uncertain"])

    def test_the_schema_is_one(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_pictures_with_and_without_faces_and_broken_ones(self):
        with tempfile.TemporaryDirectory() as folder:
            broken = Path(folder, "broken.jpg")
            broken.write_bytes(DRAWN.read_bytes()[:2000])
            lines = lines_of(DRAWN, broken, ROOT / "docs/images/nano-confusion.png")
        self.check(lines)
        self.assertEqual(["error" in line for line in lines], [False, True, False])

    def test_the_picture_as_the_face_and_an_uncertain_one(self):
        lines = lines_of("--detector", "none", "--min-confidence", 1, DRAWN)
        self.check(lines)
        self.assertEqual(lines[0]["faces"][0]["label"], "uncertain")

    def test_a_video_with_tracked_faces(self):
        photos = Path(os.environ.get("FER_SHARED", ROOT.parent / "shared"), "data/photos")
        if not (photos / "clip.mp4").exists():
            self.skipTest("skipped: FER_SHARED has no data/photos/clip.mp4")
        lines = lines_of("--every", 5, photos / "clip.mp4", *sorted(photos.glob("*.jpg")))
        self.check(lines)
        tracks = [face["track"] for line in lines for face in line["faces"]]
        self.assertTrue(any(track is not None for track in tracks))

    def test_what_is_not_written_is_refused(self):
        (line,) = lines_of("--detector", "none", DRAWN)
        wrong = [
            {**line, "more": 1},
            {**line, "error": "both"},
            {key: value for key, value in line.items() if key != "faces"},
            {**line, "width": 0},
            {**line, "faces": [{**line["faces"][0], "box": [0, 0, 5]}]},
            {**line, "faces": [{**line["faces"][0], "probability": 1.5}]},
            {**line, "faces": [{**line["faces"][0], "track": "one"}]},
        ]
        for one in wrong:
            self.assertFalse(VALIDATOR.is_valid(one), one)


if __name__ == "__main__":
    if not PROGRAM.exists():
        print(f"skipped: {PROGRAM} is not built")
        sys.exit(77)
    unittest.main()
