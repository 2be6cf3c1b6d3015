"""Tests scripts/detection/pasted_faces.py on faces drawn here, with programs that only pretend.

    .deps/test-venv/bin/python tests/python/pasted_faces_test.py

Needs numpy and Pillow; without them it is skipped (exit code 77).
"""

from __future__ import annotations

import csv
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

NEEDS = "needs numpy and Pillow; .deps/test-venv/bin/python has them"
SKIPPED = 77  # for ctest's SKIP_RETURN_CODE

# ctest knows one Python when it is configured, and another, with what the tests need, when it runs.
wanted = os.environ.get("FER_TEST_PYTHON", "")
# (A virtual environment's python is often a link to the other: the same file, not the same packages.)
if __name__ == "__main__" and wanted and "FER_TEST_PYTHON_RUNS" not in os.environ:
    os.environ["FER_TEST_PYTHON_RUNS"] = "1"
    os.execv(wanted, [wanted, *sys.argv])

try:
    import numpy as np
    from PIL import Image
except ModuleNotFoundError:
    if __name__ != "__main__":
        raise unittest.SkipTest(NEEDS) from None
    print(f"skipped: {NEEDS}", file=sys.stderr)
    sys.exit(SKIPPED)

SCRIPT = pathlib.Path(__file__).parents[2] / "scripts" / "detection" / "pasted_faces.py"
sys.path.insert(0, str(SCRIPT.parent))

from fer2013 import LABELS, FaceTable, read_split  # noqa: E402
from ferplus import majority_of, read_majorities  # noqa: E402
from matching import Detection, Match, match  # noqa: E402
from pasting import Placement, paste, reach_of  # noqa: E402
from programs import Setting, searched_detectors  # noqa: E402
from records import DetectionError  # noqa: E402
from scenes import SceneOptions, Scene, Truth, draw_scene, make_grid, make_scenes  # noqa: E402
from scenes import place_faces, rows_of_scenes  # noqa: E402
from verdict import crops_of, found_by_side, judge, outcome_of, shares  # noqa: E402

FACES = 10
SMALL = SceneOptions(width=400, height=300, faces=2, least_side=40, most_side=80)

# Every program appends its words to calls.jsonl. fer-eval is right but for row 0.
FAKE_EVAL = r"""
import csv, json, pathlib, sys
LABELS = "angry disgust fear happy sad surprise neutral".split()
words = dict(word[2:].partition("=")[::2] for word in sys.argv[1:])
with (pathlib.Path(__file__).parent / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps(sys.argv) + "\n")
with open(words["data"]) as file:
    rows = [row for row in csv.DictReader(file) if row["Usage"] == "PublicTest"]
with open(words["predictions"], "w") as file:
    print("index,truth,prediction," + ",".join(LABELS), file=file)
    for i, row in enumerate(rows):
        truth = LABELS[int(row["emotion"])]
        print(f"{i},{truth},{truth if i else 'fear'}" + ",0" * 7, file=file)
print("the report")
"""

# Finds every face in a box 1.25 times as large, and one where there is none. haar calls all happy;
# centerface breaks where the file "broken" is beside it, and sees nothing with the file "blind".
FAKE_PREDICT = r"""
import json, pathlib, sys
here = pathlib.Path(__file__).parent
with (here / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps(sys.argv) + "\n")
folder = pathlib.Path(sys.argv[1])
haar = "--detector=haar" in sys.argv
print("source,frame,time_s,face,x,y,width,height,score,track,label,happy,error")
for picture in sorted(folder.glob("*.jpg")):
    if (here / "broken").exists() and not haar:
        sys.exit("fer-predict: working\nfer-predict: error: the detector broke")
    if (here / "blind").exists() and not haar:
        print(f"{picture},0,0,,,,,,,,,,")
        continue
    print(f"{picture},0,0,0,1,1,9,9,0.9,,sad,0.1,")
    for face in json.loads(picture.with_suffix(".json").read_text())["faces"]:
        side = 1.25 * face["side"]
        box = ",".join(str(round(v)) for v in (*(c - side / 2 for c in face["centre"]), side, side))
        label = "happy" if haar else face["label"]
        print(f"{picture},0,0,0,{box},0.9,,{label},0.1,")
"""


def drawn_face(number: int) -> np.ndarray:
    """A bright disc with eyes and a mouth: uint8 [48,48]."""
    y, x = np.mgrid[:48, :48]
    face = np.where(np.hypot(x - 24, y - 24) < 22, 150 + 5 * number, 40)
    for left in (16, 32):
        face[np.hypot(x - left, y - 18) < 3] = 20
    face[33 : 35 + number % 3, 16:32] = 20
    return face.astype(np.uint8)


def drawn_faces() -> FaceTable:
    return FaceTable(
        np.stack([drawn_face(i) for i in range(FACES)]), [LABELS[i % 7] for i in range(FACES)]
    )


def write_csv(path: pathlib.Path) -> None:
    """Ten PublicTest faces among two of Training."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["emotion", "pixels", "Usage"])
        for i in range(FACES):
            if i % 5 == 0:
                writer.writerow([6, " ".join(["0"] * 48 * 48), "Training"])
            writer.writerow([i % 7, " ".join(map(str, drawn_face(i).ravel())), "PublicTest"])


def truth(x: float, y: float, side: float, row: int = 0, **rest: object) -> Truth:
    usual = {"angle": 0, "label": "happy", **rest}
    return Truth(centre=(x, y), side=side, row=row, **usual)


def square(x: float, y: float, side: float, label: str = "happy") -> Detection:
    """By its centre."""
    return Detection(x - side / 2, y - side / 2, side, side, label)


class InFolder(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory(prefix="fer-pasted-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)


class MatchingTest(unittest.TestCase):
    def test_the_best_overlap_wins_and_the_rest_is_false(self) -> None:
        face = truth(100, 100, 80)
        good, second, far = square(102, 100, 84), square(110, 110, 80), square(300, 100, 80)
        matched = match([face], [second, far, good])
        self.assertEqual(matched.found, [Match(face, good)])
        self.assertEqual(matched.false, [second, far])
        self.assertEqual(matched.missed, [])

    def test_a_box_more_than_twice_or_less_than_half_as_large_is_no_match(self) -> None:
        face = truth(100, 100, 80)
        for side, fits in ((39, False), (41, True), (159, True), (161, False)):
            with self.subTest(side=side):
                self.assertEqual(len(match([face], [square(100, 100, side)]).found), fits)

    def test_the_longer_side_of_a_box_counts(self) -> None:
        tall = Detection(x=90, y=65, width=20, height=70, label="sad")
        self.assertEqual(len(match([truth(100, 100, 80)], [tall]).found), 1)

    def test_the_centre_must_be_in_the_square_as_it_is_turned(self) -> None:
        corner = square(138, 138, 80)
        self.assertEqual(len(match([truth(100, 100, 80)], [corner]).found), 1)
        self.assertEqual(match([truth(100, 100, 80, angle=45)], [corner]).found, [])

    def test_two_faces_take_two_boxes(self) -> None:
        faces = [truth(100, 100, 80, row=0), truth(150, 100, 80, row=1)]
        matched = match(faces, [square(145, 100, 80), square(95, 100, 80)])
        pairs = {(m.truth.row, m.detection.centre[0]) for m in matched.found}
        self.assertEqual(pairs, {(0, 95), (1, 145)})


class OutcomeTest(unittest.TestCase):
    def test_shares_are_percent_of_the_predictions(self) -> None:
        found = shares(["sad", "sad", "happy", "uncertain"])
        self.assertEqual((found["sad"], found["happy"], found["fear"]), (50, 25, 0))
        self.assertEqual(set(shares([]).values()), {0})

    def test_the_margin_undoes_what_the_boxes_do(self) -> None:
        faces = [truth(200, 200, 100, row=i) for i in range(3)]
        boxes = [square(200, 210, side) for side in (120, 125, 130)]
        crops = crops_of([Match(face, box) for face, box in zip(faces, boxes)])
        self.assertAlmostEqual(crops.box_ratio, 1.25)
        self.assertAlmostEqual(crops.margin, 0.8)
        self.assertAlmostEqual(crops.down, -0.1)  # the face is above the middle of its box

    def outcome(self, own: list[str], reference: list[str], truths: list[str], majorities=None):
        found = [
            Match(truth(0, 0, 100, row=i, label=label), square(0, 0, 100, own[i]))
            for i, label in enumerate(truths)
        ]
        return outcome_of(found, reference, majorities)

    def test_by_the_majority_only_faces_count_that_have_one(self) -> None:
        result = self.outcome(
            ["happy", "neutral", "sad", "sad"],
            ["happy", "sad", "sad", "fear"],
            ["happy", "sad", "sad", "fear"],
            ["happy", "neutral", None, "fear"],
        )
        majority = result.majority
        self.assertEqual(majority.faces, 3)
        self.assertAlmostEqual(majority.accuracy, 200 / 3)
        self.assertAlmostEqual(majority.eval_accuracy, 200 / 3)
        self.assertEqual(result.accuracy, 50)  # by the labels, of all four

    def test_accuracy_agreement_and_share_are_of_the_same_faces(self) -> None:
        result = self.outcome(
            ["happy", "happy", "sad", "sad"],
            ["happy", "sad", "sad", "fear"],
            ["happy", "happy", "sad", "fear"],
        )
        self.assertEqual((result.accuracy, result.eval_accuracy), (75, 75))
        self.assertEqual(result.agreement, 50)
        self.assertEqual(result.worst_share[0], "fear")
        self.assertEqual(result.worst_share[1], -25)
        self.assertFalse(result.accepted)  # for the share alone
        # +1, 0, 0, -1: their standard deviation is sqrt(2/3), of the mean half of it.
        self.assertAlmostEqual(result.error, 100 * (2 / 3) ** 0.5 / 2)

    def test_three_points_of_accuracy_and_ten_of_share_are_still_accepted(self) -> None:
        reference, truths = ["happy"] * 100, ["happy"] * 100
        for wrong, accepted in ((3, True), (4, False)):
            with self.subTest(wrong=wrong):
                own = ["sad"] * wrong + ["happy"] * (100 - wrong)
                self.assertEqual(self.outcome(own, reference, truths).accepted, accepted)
        for moved, accepted in ((10, True), (11, False)):
            with self.subTest(moved=moved):  # wrong either way
                own = ["sad"] * moved + ["fear"] * (100 - moved)
                all_fear = self.outcome(own, ["fear"] * 100, truths)
                self.assertEqual(all_fear.accepted, accepted)

    def test_a_scene_of_which_nothing_was_said_is_an_error(self) -> None:
        scene = Scene(pathlib.Path("scene-00001.jpg"), [truth(100, 100, 80)])
        with self.assertRaisesRegex(DetectionError, "scene-00001.jpg"):
            judge(Setting("haar"), [scene], {}, ["happy"])

    def test_a_detector_that_finds_nothing_is_not_accepted(self) -> None:
        scene = Scene(pathlib.Path("a.jpg"), [truth(100, 100, 80)])
        result = judge(Setting("haar"), [scene], {"a.jpg": [square(9, 9, 9)]}, ["happy"])
        self.assertEqual((result.found, result.false, result.accepted), (0, 1, False))

    def test_what_is_found_is_told_by_size(self) -> None:
        faces = [truth(0, 0, side) for side in (60, 70, 80, 90, 100, 110)]
        found = [Match(face, square(0, 0, 90)) for face in faces[3:]]
        told = found_by_side([Scene(pathlib.Path("a.jpg"), faces)], found)
        self.assertEqual(told, {"60-70": 0, "80-90": 50, "100-110": 100})


class MajorityTest(InFolder):
    def test_more_than_half_of_the_votes_that_are_no_slip_decide(self) -> None:
        # Votes on neutral, happiness, surprise, sadness, anger, disgust, fear, contempt, unknown, NF.
        self.assertEqual(majority_of([6, 4, 0, 0, 0, 0, 0, 0, 0, 0]), "neutral")
        self.assertEqual(majority_of([0, 0, 0, 0, 5, 3, 1, 1, 0, 0]), "angry")  # 5 of 8
        self.assertIsNone(majority_of([5, 5, 0, 0, 0, 0, 0, 0, 0, 0]))
        self.assertIsNone(majority_of([1, 0, 0, 2, 0, 0, 0, 7, 0, 0]))  # contempt
        self.assertIsNone(majority_of([0, 0, 0, 0, 0, 0, 0, 0, 2, 8]))  # no face
        self.assertIsNone(majority_of([1, 1, 1, 1, 1, 1, 1, 1, 1, 1]))

    def test_majorities_are_read_in_the_order_of_the_split(self) -> None:
        path = self.folder / "votes.csv"
        head = "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt"
        path.write_text(
            f"{head},unknown,NF\nTraining,a.png,10,0,0,0,0,0,0,0,0,0\n"
            "PublicTest,b.png,0,0,0,10,0,0,0,0,0,0\nPublicTest,,0,0,0,0,0,0,0,0,0,10\n"
        )
        self.assertEqual(read_majorities(path, "val"), ["sad", None])
        path.write_text(path.read_text().replace(",10,0,0,0,0,0,0\n", ",ten,0,0,0,0,0,0\n"))
        with self.assertRaisesRegex(DetectionError, "votes.csv:3: votes should be whole numbers"):
            read_majorities(path, "val")
        path.write_text("Usage,neutral\n")
        with self.assertRaisesRegex(DetectionError, "has no column happiness"):
            read_majorities(path, "val")


class SceneTest(InFolder):
    def test_a_scene_is_the_same_whatever_was_drawn_before(self) -> None:
        faces = drawn_faces()
        picture, truths = draw_scene(faces, [3, 1], SMALL, 2)
        draw_scene(faces, [5], SMALL, 1)
        again, same_truths = draw_scene(faces, [3, 1], SMALL, 2)
        self.assertEqual(picture.tobytes(), again.tobytes())
        self.assertEqual(truths, same_truths)
        other, _ = draw_scene(faces, [3, 1], SceneOptions(**{**vars(SMALL), "seed": 1}), 2)
        self.assertNotEqual(picture.tobytes(), other.tobytes())

    def test_every_face_is_pasted_once_and_named_right(self) -> None:
        faces = drawn_faces()
        scenes = make_scenes(self.folder, faces, FACES, SMALL)
        truths = [truth for scene in scenes for truth in scene.truths]
        self.assertEqual(sorted(truth.row for truth in truths), list(range(FACES)))
        self.assertTrue(all(truth.label == faces.labels[truth.row] for truth in truths))
        self.assertTrue(all(40 <= t.side <= 80 and abs(t.angle) <= 10 for t in truths))
        with Image.open(scenes[0].picture) as picture:
            self.assertEqual((picture.size, picture.mode), ((400, 300), "RGB"))

    def test_faces_with_their_surroundings_stay_apart_and_inside(self) -> None:
        options = SceneOptions(faces=5)
        for seed in range(30):
            places = place_faces(np.random.default_rng(seed), options, 5)
            for i, place in enumerate(places):
                reach = place.reach()
                self.assertTrue(reach <= place.x <= options.width - reach)
                self.assertTrue(reach <= place.y <= options.height - reach)
                for other in places[:i]:
                    apart = max(abs(place.x - other.x), abs(place.y - other.y))
                    self.assertGreater(apart, reach + other.reach())

    def test_the_pasted_square_holds_the_face_as_it_was(self) -> None:
        face = drawn_face(4)
        picture = np.full((300, 300, 3), 200, dtype=np.float32)
        paste(picture, face, Placement(150, 150, 144, 0, 0.35), np.zeros(3))
        middle = picture[78:222, 78:222].reshape(48, 3, 48, 3, 3).mean(axis=(1, 3, 4))
        self.assertLess(np.abs(middle - face).mean(), 4)  # bicubic edges
        reach = int(reach_of(144, 0, 0.35)) + 1
        self.assertTrue((picture[: 150 - reach] == 200).all())

    def test_positive_angles_turn_a_face_clockwise(self) -> None:
        face = np.zeros((48, 48), dtype=np.uint8)
        face[4:8, 22:26] = 255  # a mark above the middle
        picture = np.zeros((300, 300, 3), dtype=np.float32)
        paste(picture, face, Placement(150, 150, 96, 10, 0.35), np.zeros(3))
        y, x = (places.mean() for places in np.nonzero(picture[..., 0] > 128))
        # The mark's middle is 36 pixels above the face's when it is upright.
        self.assertAlmostEqual(x, 149.5 + 36 * np.sin(np.radians(10)), delta=0.5)
        self.assertAlmostEqual(y, 149.5 - 36 * np.cos(np.radians(10)), delta=0.5)

    def test_scenes_are_reused_and_lost_ones_drawn_again(self) -> None:
        faces = drawn_faces()
        first = make_scenes(self.folder, faces, FACES, SMALL)
        kept, lost = first[0].picture, first[1].picture
        content, before = lost.read_bytes(), kept.stat().st_mtime_ns
        lost.unlink()
        self.assertEqual(make_scenes(self.folder, faces, FACES, SMALL), first)
        self.assertEqual(kept.stat().st_mtime_ns, before)
        self.assertEqual(lost.read_bytes(), content)

    def test_scenes_of_other_settings_and_strangers_are_errors(self) -> None:
        faces = drawn_faces()
        scenes = make_scenes(self.folder, faces, FACES, SMALL)
        with self.assertRaisesRegex(DetectionError, "another seed;"):
            make_scenes(self.folder, faces, FACES, SceneOptions(**{**vars(SMALL), "seed": 1}))
        faces.images[0, 0, 0] += 1
        with self.assertRaisesRegex(DetectionError, "another data;"):
            make_scenes(self.folder, faces, FACES, SMALL)
        faces.images[0, 0, 0] -= 1
        (scenes[0].picture.parent / "holiday.jpg").touch()
        with self.assertRaisesRegex(DetectionError, "holiday.jpg"):
            make_scenes(self.folder, faces, FACES, SMALL)

    def test_faces_without_room_are_an_error_before_anything_is_drawn(self) -> None:
        with self.assertRaisesRegex(DetectionError, "have no room in 400x300"):
            make_grid(SceneOptions(width=400, height=300, faces=6))

    def test_rows_are_those_of_the_split(self) -> None:
        path = self.folder / "faces.csv"
        write_csv(path)
        table = read_split(path, "val")
        self.assertTrue((table.images == drawn_faces().images).all())
        self.assertEqual(table.labels, drawn_faces().labels)
        self.assertEqual(len(rows_of_scenes(table, 5, SMALL)), 3)
        with self.assertRaisesRegex(DetectionError, "no image of split test"):
            read_split(path, "test")

    def test_mistakes_in_the_data_name_the_line(self) -> None:
        path = self.folder / "faces.csv"
        row = " ".join(["7"] * 48 * 48)
        for text, message in (
            (f"emotion,pixels,Usage\n7,{row},PublicTest\n", "csv:2: 'emotion' is '7'"),
            ("emotion,pixels,Usage\n1,2 3,PublicTest\n", "csv:2: 'pixels' should be 2304"),
            (f"emotion,pixels,Usage\n1,{row[:-1]}x,PublicTest\n", "csv:2: 'pixels' holds"),
            ("emotion,pixels\n", "no column usage"),
        ):
            path.write_text(text)
            with self.subTest(message=message), self.assertRaisesRegex(DetectionError, message):
                read_split(path, "val")


class ProgramTest(InFolder):
    def setUp(self) -> None:
        super().setUp()
        write_csv(self.folder / "faces.csv")
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        for name, text in (("fer-eval", FAKE_EVAL), ("fer-predict", FAKE_PREDICT)):
            (self.bin / name).write_text(f"#!{sys.executable}\n{text}")
            (self.bin / name).chmod(0o755)

    def measure(self, *words: str, code: int) -> subprocess.CompletedProcess:
        own = ["--data", "faces.csv", "--programs", "bin", "--output", "out"]
        scenes = ["--size", "400x300", "--sides", "40-80", "--faces-per-scene", "2"]
        done = subprocess.run(
            [sys.executable, str(SCRIPT), *own, *scenes, *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
        )
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done

    def calls(self) -> list[list[str]]:
        lines = (self.bin / "calls.jsonl").read_text().splitlines()
        return [call for line in lines if "fer-predict" in (call := json.loads(line))[0]]

    def test_detectors_are_judged_beside_fer_eval(self) -> None:
        done = self.measure("--detectors", "centerface,haar", code=1)
        report = json.loads((self.folder / "out/report.json").read_text())
        centerface, haar = report["results"]
        # Right on row 0, which fer-eval is not: 10 points apart.
        self.assertEqual(centerface["outcome"]["accuracy"], 100)
        self.assertEqual(centerface["outcome"]["eval_accuracy"], 90)
        self.assertEqual(centerface["found_share"], 100)
        self.assertEqual(centerface["false_a_scene"], 1)
        self.assertAlmostEqual(centerface["outcome"]["crops"]["margin"], 0.8, delta=0.02)
        self.assertEqual(haar["outcome"]["worst_share"]["label"], "happy")
        self.assertIn("failed: haar", done.stderr)
        self.assertEqual(done.stdout, (self.folder / "out/report.md").read_text())
        self.assertIn(
            "| centerface | usual | up to 10 | auto | 100.0 | 1.00 | 100.0 | 90.0 |", done.stdout
        )

    def test_what_passes_ends_with_success(self) -> None:
        # Without row 0, on which fer-eval errs.
        order = [row for rows in rows_of_scenes(drawn_faces(), FACES, SMALL) for row in rows]
        before_row_0 = order.index(0)
        self.assertGreater(before_row_0, 1)
        self.measure("--detectors", "centerface", f"--faces={before_row_0}", code=0)

    def test_each_margin_and_alignment_is_run_and_the_default_in_any_case(self) -> None:
        (self.folder / "yunet.onnx").touch()
        self.measure(
            *("--yunet", "yunet.onnx", "--margins", "0.9,1.1", "--align", "auto,on"),
            *("--detector-size", "640", "--model", "nano", "--", "--small-faces"),
            code=1,
        )
        ways = [tuple(word for word in call[4:-4]) for call in self.calls()]
        self.assertEqual(len(ways), 5 + 5 + 3)  # Haar knows no eyes to align by
        yunet = (
            "--detector=yunet",
            "--crop-margin=0.9",
            "--align=on",
            "--detector-model=yunet.onnx",
        )
        self.assertIn(yunet, ways)
        self.assertIn(("--detector=centerface", "--crop-margin=0", "--detector-size=640"), ways)
        self.assertIn(("--detector=haar", "--crop-margin=1.1"), ways)
        self.assertTrue(all(call[-4:] == [*self.ends()] for call in self.calls()))

    def ends(self) -> tuple[str, ...]:
        return "--model=nano", "--tta=none", "--threads=0", "--small-faces"

    def test_scenes_of_faces_turned_by_just_an_angle(self) -> None:
        self.measure("--detectors", "haar", "--turns", "0,60", "--sides", "30-60", code=1)
        for turn in (0, 60):
            truths = sorted((self.folder / f"out/scenes-turned-{turn}/pictures").glob("*.json"))
            angles = [
                face["angle"] for path in truths for face in json.loads(path.read_text())["faces"]
            ]
            self.assertEqual(len(angles), FACES)
            self.assertEqual({abs(angle) for angle in angles}, {turn})
            self.assertEqual(len({angle > 0 for angle in angles}), 1 if turn == 0 else 2)
        results = json.loads((self.folder / "out/report.json").read_text())["results"]
        self.assertEqual([result["turn"] for result in results], ["0", "60"])

    def test_a_detector_that_finds_no_face_fails(self) -> None:
        (self.bin / "blind").touch()
        done = self.measure("--detectors", "centerface", code=1)
        self.assertIn("centerface with its usual crop found no face at all", done.stderr)

    def test_errors_say_what_is_missing(self) -> None:
        for words, message in (
            (("--data", "none.csv"), "none.csv: cannot be read"),
            (("--programs", "nowhere"), "nowhere/fer-eval: no such program"),
            (("--yunet", "none.onnx"), "--yunet none.onnx: no such file"),
            (("--", "--crop-margin=2"), "--crop-margin=2: cannot be given behind --"),
        ):
            with self.subTest(message=message):
                self.assertIn(f"error: {message}", self.measure(*words, code=1).stderr)
        self.assertEqual(searched_detectors(), ("yunet", "centerface", "haar"))
        self.assertIn("should be some of yunet", self.measure("--detectors=dlib", code=2).stderr)

    def test_a_program_that_fails_is_quoted(self) -> None:
        (self.bin / "broken").touch()
        done = self.measure("--detectors", "centerface", code=1)
        self.assertIn("failed (exit 1): fer-predict: error: the detector broke", done.stderr)


if __name__ == "__main__":
    unittest.main()
