"""Tests scripts/sweep.py with a fer-train that only pretends to train.

    python3 tests/python/sweep_test.py

Needs the standard library alone.
"""

from __future__ import annotations

import json
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import unittest

SWEEP = pathlib.Path(__file__).parents[2] / "scripts" / "sweep.py"

# Writes its words to calls.jsonl and what a run leaves behind. Its best accuracy, in the second of
# three epochs, is 0.5 + lr + 0.01 * seed; lr 9 is a mistake. With the file "wait" beside it, a new
# run saves and waits for Ctrl-C; with "vanish", it ends without having saved; with "votes", it has
# FER+'s scores, too.
FAKE_TRAIN = r"""
import argparse, json, pathlib, signal, sys, time

parser = argparse.ArgumentParser()
for name in ("config", "data", "output", "name", "seed", "lr", "resume", "threads", "arch"):
    parser.add_argument("--" + name)
parser.add_argument("--flip", action=argparse.BooleanOptionalAction)
words = parser.parse_args()
here = pathlib.Path(__file__).parent
with (here / "calls.jsonl").open("a") as calls:
    calls.write(json.dumps(sys.argv[1:]) + "\n")

if words.lr == "9":
    print("I reading", file=sys.stderr)
    sys.exit("fer-train: error: --lr: 9 is not allowed")
if words.resume:
    folder = pathlib.Path(words.resume)
    words.lr, words.seed = json.loads((folder / "last.ckpt").read_text())
else:
    number = 1
    while pathlib.Path(words.output, f"{words.name}-{number}").exists():
        number += 1
    folder = pathlib.Path(words.output, f"{words.name}-{number}")
    folder.mkdir(parents=True)
    if (here / "vanish").exists():
        sys.exit("fer-train: error: gone")
    (folder / "last.ckpt").write_text(json.dumps([words.lr, words.seed]))
    if (here / "wait").exists():
        signal.signal(signal.SIGINT, lambda *_: sys.exit(130))
        print("waiting", file=sys.stderr, flush=True)
        time.sleep(60)
        sys.exit(3)
lr = float(words.lr or 0)
best = 0.5 + lr + 0.01 * int(words.seed)
head = "epoch,val_accuracy,val_balanced_accuracy,seconds"
rows = [
    f"{i + 1},{accuracy!r},{accuracy - 0.25!r},10.5"
    for i, accuracy in enumerate([best - 0.1, best, best - 0.2])
]
if (here / "votes").exists():  # the better by the votes, the worse by the labels
    head += ",val_ferplus_accuracy,val_ferplus_balanced_accuracy,val_combined"
    rows = [f"{row},{0.9 - lr!r},{0.8 - lr!r},{0.7 - lr!r}" for row in rows]
(folder / "results.csv").write_text("\n".join([head, *rows]) + "\n")
print("a line before the last")
print(f"{folder}/best.safetensors val_accuracy {best:.4f} epoch 2")
"""


class SweepTest(unittest.TestCase):
    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory(prefix="fer-sweep-")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        program = self.bin / "fer-train"
        program.write_text(f"#!{sys.executable}\n{FAKE_TRAIN}")
        program.chmod(0o755)
        (self.folder / "nano.json").write_text('{"epochs": 3}  // a comment, as fer-train takes it')

    def command(self, *words: str) -> list[str]:
        own = ["--config", "nano.json", "--output", "out", "--programs", "bin"]
        return [sys.executable, str(SWEEP), *own, *words]

    def sweep(self, *words: str, code: int = 0) -> subprocess.CompletedProcess:
        """Runs the sweep in the test's folder; fails where it does not end with `code`."""
        done = subprocess.run(
            self.command(*words), cwd=self.folder, capture_output=True, text=True, timeout=60
        )
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def calls(self) -> list[list[str]]:
        path = self.bin / "calls.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def content(self, name: str) -> dict:
        return json.loads((self.folder / name).read_text())

    def write(self, name: str, content: object) -> str:
        (self.folder / name).write_text(json.dumps(content))
        return name

    def test_every_combination_is_trained_once_with_every_seed(self) -> None:
        self.sweep(
            *("--data", "faces.csv", "--grid", "lr=0.1,0.2", "--grid", "flip=true,false"),
            *("--seeds", "3,4", "--", "--threads", "2"),
        )
        calls = self.calls()
        self.assertEqual(len(calls), 2 * 2 * 2)
        self.assertEqual(
            calls[0],
            [
                *("--config=nano.json", "--data=faces.csv"),
                *("--output=out/lr=0.1_flip=true_seed=3", "--name=run"),
                *("--lr=0.1", "--flip", "--seed=3", "--threads", "2"),
            ],
        )
        self.assertIn("--no-flip", calls[-1])
        self.assertEqual(len({tuple(call) for call in calls}), 8)

    def test_the_last_line_of_a_finished_run_is_recorded(self) -> None:
        self.sweep("--grid", "lr=0.1")
        folder = "out/lr=0.1_seed=0"
        done = self.content(f"{folder}/done.json")
        line = f"{folder}/run-1/best.safetensors val_accuracy 0.6000 epoch 2"
        self.assertEqual(done["last_line"], line)
        self.assertEqual((done["best_epoch"], done["epochs"]), (2, 3))
        self.assertEqual(done["seconds"], 31.5)

    def test_a_finished_run_is_not_repeated_and_the_table_stays(self) -> None:
        first = self.sweep("--grid", "lr=0.1,0.2")
        again = self.sweep("--grid", "lr=0.1,0.2")
        self.assertEqual(len(self.calls()), 2)
        self.assertEqual(first.stdout, again.stdout)
        self.sweep("--grid", "lr=0.1,0.2,0.3")
        self.assertEqual(len(self.calls()), 3)

    def test_an_unfinished_run_goes_on_from_its_newest_checkpoint(self) -> None:
        for number in (1, 9, 10):
            run = self.folder / "out" / "lr=0.1_seed=0" / f"run-{number}"
            run.mkdir(parents=True)
            (run / "last.ckpt").write_text('["0.1", "0"]')
        (self.folder / "out" / "lr=0.1_seed=0" / "run-11").mkdir()  # killed before it saved
        self.sweep("--grid", "lr=0.1", "--", "--threads", "2")
        resume = "--resume=out/lr=0.1_seed=0/run-10"
        self.assertEqual(self.calls(), [["--threads", "2", resume]])

    def test_a_failed_run_is_recorded_and_the_others_are_trained(self) -> None:
        ended = self.sweep("--grid", "lr=9,0.1", "--json", "table.json", code=1)
        error = "fer-train: error: --lr: 9 is not allowed"
        self.assertEqual(self.content("out/lr=9_seed=0/failed.json"), {"exit": 1, "error": error})
        self.assertIn(error, ended.stderr)
        rows = self.content("table.json")["rows"]
        self.assertEqual([row["name"] for row in rows], ["lr=0.1", "lr=9"])
        self.assertEqual((rows[1]["val_accuracy"], rows[1]["errors"]), (None, [error]))
        self.assertIn("0 of 1", ended.stdout)

    def test_a_failed_run_is_tried_again(self) -> None:
        (self.bin / "vanish").touch()
        self.sweep("--grid", "lr=0.1", code=1)
        (self.bin / "vanish").unlink()
        self.sweep("--grid", "lr=0.1")
        self.assertFalse((self.folder / "out/lr=0.1_seed=0/failed.json").exists())

    def test_a_last_line_that_says_nothing_is_a_failure(self) -> None:
        (self.bin / "fer-train").write_text(f"#!{sys.executable}\nprint('trained')\n")
        ended = self.sweep(code=1)
        self.assertIn("is 'trained'", ended.stderr)
        self.assertFalse((self.folder / "out/base_seed=0/done.json").exists())

    def test_the_table_is_sorted_by_the_mean_over_seeds(self) -> None:
        ended = self.sweep("--grid", "lr=0.1,0.3,0.2", "--seeds", "0,4", "--json", "table.json")
        rows = self.content("table.json")["rows"]
        self.assertEqual([row["name"] for row in rows], ["lr=0.3", "lr=0.2", "lr=0.1"])
        self.assertAlmostEqual(rows[0]["val_accuracy"], 0.82)
        self.assertAlmostEqual(rows[0]["val_balanced_accuracy"], 0.57)
        self.assertAlmostEqual(rows[0]["deviation"], statistics.stdev([0.80, 0.84]))
        self.assertEqual(rows[0]["best_epochs"], [2, 2])
        self.assertEqual(rows[0]["seconds"], 31.5)
        head, best = ended.stdout.splitlines()[:2]
        self.assertEqual(head.split("  ")[0], "options")
        self.assertEqual(best.split(), ["lr=0.3", "82.00", "2.83", "57.00", "2", "2,", "2", "32"])
        self.assertEqual(len(self.content("table.json")["runs"]), 6)

    def test_with_votes_the_table_is_sorted_by_the_combined_score(self) -> None:
        (self.bin / "votes").touch()
        ended = self.sweep("--grid", "lr=0.2,0.1", "--seeds", "0,1")
        head, best, _ = ended.stdout.splitlines()
        for name in ("balanced %", "majority %", "majority, balanced %", "combined %"):
            self.assertIn(f"  {name}  ", head)
        self.assertEqual(
            best.split()[:7], ["lr=0.1", "60.50", "35.50", "80.00", "70.00", "60.00", "0.00"]
        )

    def test_a_single_seed_has_no_deviation(self) -> None:
        self.sweep("--grid", "lr=0.1", "--json", "table.json", "--markdown", "deep/table.md")
        self.assertIsNone(self.content("table.json")["rows"][0]["deviation"])
        self.assertEqual(
            (self.folder / "deep/table.md").read_text(),
            "| options | val accuracy % | sd | balanced % | seeds | best epoch | seconds |\n"
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
            "| lr=0.1 | 60.00 | – | 35.00 | 1 | 2 | 32 |\n",
        )

    def test_rows_set_their_options_and_join_a_grid(self) -> None:
        rows = [
            {"name": "base"},
            {"name": "no flip", "set": {"flip": False, "arch": "nano-cnn"}},
        ]
        self.sweep("--rows", self.write("rows.json", rows), "--grid", "lr=0.1")
        calls = self.calls()
        self.assertEqual(len(calls), 2)
        self.assertIn("--output=out/base_lr=0.1_seed=0", calls[0])
        self.assertIn("--output=out/no-flip_lr=0.1_seed=0", calls[1])
        self.assertEqual(calls[1][3:6], ["--no-flip", "--arch=nano-cnn", "--lr=0.1"])

    def test_ctrl_c_saves_the_run_and_says_how_to_go_on(self) -> None:
        (self.bin / "wait").touch()
        words = ("--grid", "lr=0.1,0.2", "--", "--threads", "2")
        sweep = subprocess.Popen(
            self.command(*words),
            cwd=self.folder,
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addCleanup(sweep.stdout.close)
        while (line := sweep.stderr.readline()) and "waiting" not in line:
            pass
        sweep.send_signal(signal.SIGINT)
        _, told = sweep.communicate(timeout=30)
        self.assertEqual(sweep.returncode, 130, told)
        self.assertIn("--grid lr=0.1,0.2 -- --threads 2", told)
        self.assertEqual(len(self.calls()), 1)  # the next run was not begun

        (self.bin / "wait").unlink()
        self.sweep(*words)
        self.assertIn("--resume=out/lr=0.1_seed=0/run-1", self.calls()[1])
        self.assertEqual(len(self.calls()), 3)

    def test_runs_of_other_options_are_not_taken_for_the_same(self) -> None:
        self.sweep("--grid", "lr=0.1")
        (self.folder / "nano.json").write_text('{"epochs": 4}')
        ended = self.sweep("--grid", "lr=0.1,0.2", code=1)
        self.assertIn("out/lr=0.1_seed=0: was trained with a different config", ended.stderr)
        self.assertEqual(len(self.calls()), 1)

    def test_a_dry_run_prints_what_is_left_and_starts_nothing(self) -> None:
        self.sweep("--grid", "lr=0.1")
        ended = self.sweep("--grid", "lr=0.1,0.2", "--dry-run")
        done, command = ended.stdout.splitlines()
        self.assertEqual(done, "# lr=0.1_seed=0: is done")
        self.assertIn("bin/fer-train --config=nano.json --output=out/lr=0.2_seed=0", command)
        self.assertEqual(len(self.calls()), 1)
        self.assertFalse((self.folder / "out/lr=0.2_seed=0").exists())

    def test_wrong_usage_is_told_at_once(self) -> None:
        for words in (
            *(["--grid", text] for text in ("lr", "lr=", "=1", "lr=1,,2", "lr=1,1", "seed=1,2")),
            *(["--seeds", text] for text in ("", "a", "0,0", "-1")),
        ):
            with self.subTest(words=words):
                self.sweep(*words, code=2)
        self.assertEqual(self.calls(), [])

    def test_what_contradicts_itself_is_an_error(self) -> None:
        same = [{"name": "a", "set": {"lr": 0.1}}, {"name": "a", "set": {"lr": 0.2}}]
        rows = self.write("rows.json", same)
        for words, message in (
            (["--rows", rows], "would share the name 'a'"),
            (["--rows", rows, "--grid", "lr=1,2"], "row 'a' sets 'lr'"),
            (["--rows", self.write("bad.json", [{"set": {}}])], "bad.json: row 1"),
            (["--rows", self.write("seed.json", [{"name": "a", "set": {"seed": 1}}])], "'seed'"),
            (["--rows", "none.json"], "none.json: cannot be read"),
            (["--grid", "lr=1", "--grid", "lr=2"], "given twice"),
            (["--grid", "lr=1", "--", "--lr", "2"], "--lr: cannot be given behind --"),
            (["--", "--seed=2"], "--seed=2: cannot be given behind --"),
            (["--programs", "elsewhere"], "elsewhere/fer-train: no such program"),
        ):
            with self.subTest(message=message):
                self.assertIn(message, self.sweep(*words, code=1).stderr)
        self.assertEqual(self.calls(), [])


if __name__ == "__main__":
    unittest.main()
