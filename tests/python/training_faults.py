"""Training whose calls fail is told, loses nothing, and goes on to the end of a run that nothing disturbed."""

from __future__ import annotations

import collections
import json
import pathlib
import shutil
from collections.abc import Sequence

from fault_support import ENDS_BY_ITSELF, EVERY, Ending, Faults, spread
from killed_runs_test import outcome, results_of, tensors_of

RECIPE = {
    "arch": "nano",
    "width": 0.25,
    "epochs": 3,
    "batch_size": 32,
    "optimizer": "sgd",
    "lr": 0.05,
    "ema": 0.9,
    "save_every": 2,
}
FAULTS = (
    ("write", "ENOSPC", False),
    ("write", "ENOSPC", True),
    ("rename", "EIO", False),
    ("sync", "EIO", False),
    ("open", "EMFILE", False),
)
RUN = pathlib.PurePath("out/run-1")
# What may be half there, and says so: records with a checksum, and lines of a log.
GROWING = ("events.out.", "log.txt")
MOST_ALLOCATIONS = 30


class TrainingFaults:
    def __init__(
        self,
        faults: Faults,
        folder: pathlib.Path,
        quick: bool,
        kinds: Sequence[str] = (),
        most: int = EVERY,
    ) -> None:
        self.faults = faults
        self.folder = folder
        self.quick = quick
        self.kinds = kinds
        self.most = 3 if quick else most
        self.run_folder = folder / RUN

    def train(self, fault: str = "", resume: bool = False, old_disk: bool = False) -> Ending:
        words = ["fer-train", "--quiet", "--threads", "1"]
        words += ["--resume", str(RUN)] if resume else ["--config", "recipe.json"]
        words += [] if resume else ["--data", "synthetic:120", "--output", "out", "--name", "run"]
        return self.faults.run(words, self.folder, fault, under="out", old_disk=old_disk)

    def start_over(self) -> None:
        shutil.rmtree(self.folder / "out", ignore_errors=True)
        (self.folder / "out").mkdir()

    def prepare(self) -> None:
        self.folder.mkdir()
        (self.folder / "recipe.json").write_text(json.dumps(RECIPE))
        self.start_over()
        ended = self.train()
        assert ended.code == 0, f"exit {ended.code}: {ended.told}"
        self.made = ended.calls
        self.expected = outcome(self.run_folder)
        # What was the best at some time may be there when a run ends early.
        self.names = {path.name for path in self.run_folder.iterdir()} - {"last.ckpt"}

    def run(self, counts: collections.Counter, problems: list[str]) -> None:
        self.prepare()
        before = len(problems)
        for kind, how, lasting in FAULTS[1:4] if self.quick else FAULTS:
            if kind not in self.kinds:
                continue
            for old_disk in (False,) if self.quick else (False, True):
                for number in spread(self.last(kind, old_disk), self.most):
                    fault = f"{kind}:{number}{'+' if lasting else ''}:{how}"
                    self.one(fault, old_disk, counts, problems)
        if not self.quick and "memory" in self.kinds:
            self.start_over()
            made = sum(
                call.kind == "memory" for call in self.train("memory:1000000000:ENOMEM").calls
            )
            for number in range(1, made + 1, max(1, made // MOST_ALLOCATIONS)):
                self.one(f"memory:{number}:ENOMEM", False, counts, problems)
        total = sum(n for (who, _), n in counts.items() if who == "training")
        print(f"training: {total} faults, {len(problems) - before} problems", flush=True)

    def last(self, kind: str, old_disk: bool) -> int:
        if not old_disk:
            return sum(call.kind == kind for call in self.made)
        self.start_over()
        return sum(call.kind == kind for call in self.train(old_disk=True).calls)

    def one(
        self, fault: str, old_disk: bool, counts: collections.Counter, problems: list[str]
    ) -> None:
        self.start_over()
        ended = self.train(fault, old_disk=old_disk)
        if ended.hits == 0:
            return
        kind = fault.split(":")[0]
        counts["training", kind] += 1
        try:
            self.judge(ended, kind)
        except (AssertionError, OSError, ValueError) as problem:
            problems.append(f"training, {fault}{', old disk' if old_disk else ''}: {problem}")
            print(f"  {problems[-1]}", flush=True)

    def judge(self, ended: Ending, kind: str) -> None:
        if ended.code == 0:
            # A log that cannot be written is told, and no reason to stop; memory may be asked for
            # again, and a file without a name by one that has one.
            in_log = all(call.path.endswith("/log.txt") for call in ended.calls if call.failed)
            assert in_log or kind in ("memory", "open"), f"exit 0: {ended.told!r}"
            self.check_end()
            return
        if kind == "memory" and any(word in ended.told for word in ENDS_BY_ITSELF):
            self.check_whole()
            return self.go_on()
        assert ended.code == 1, f"exit {ended.code}: {ended.told!r}"
        lines = [line for line in ended.told.splitlines() if not line.startswith("W ")]
        assert (
            len(lines) == 1 and ": error: " in lines[0]
        ), f"stderr is not one line: {ended.told!r}"
        assert (
            kind == "memory" or "out/" in lines[0] or '"out' in lines[0]
        ), f"names no file: {lines}"
        self.check_whole()
        self.go_on()

    def check_whole(self) -> None:
        """Every file under its final name can be read."""
        if not self.run_folder.exists():
            return
        for path in self.run_folder.iterdir():
            if path.name.startswith(GROWING) or path.name in GROWING:
                continue
            assert not path.name.startswith("."), f"left {path.name}"
            content = path.read_bytes()
            if path.suffix in (".safetensors", ".ckpt", ".next"):
                header, data = tensors_of(path)
                ends = [tensor["data_offsets"][1] for tensor in header.values()]
                assert max(ends) == len(data), f"{path.name} is not whole"
            elif path.suffix == ".csv":
                rows = results_of(path)
                assert rows == self.expected["results.csv"][: len(rows)], f"{path.name}: {rows}"
            elif path.suffix == ".json":
                json.loads(content)
            elif path.suffix == ".svg":
                assert content.rstrip().endswith(b"</svg>"), f"{path.name} is not whole"
            elif path.suffix == ".png":
                assert content[-8:-4] == b"IEND", f"{path.name} is not whole"
            else:
                raise AssertionError(f"left {path.name}")

    def go_on(self) -> None:
        if (self.run_folder / "last.ckpt").is_file():
            ended = self.train(resume=True)
        else:
            self.start_over()
            ended = self.train()
        assert ended.code == 0, f"does not go on: exit {ended.code}: {ended.told}"
        self.check_end()

    def check_end(self) -> None:
        now = outcome(self.run_folder)
        for part, value in self.expected.items():
            assert now[part] == value, f"{part} differs from the undisturbed run's"
        there = {
            path.name for path in self.run_folder.iterdir() if not path.name.startswith(GROWING)
        }
        lacking = {name for name in self.names if not name.startswith(GROWING)} - there
        assert not lacking, f"lacks {lacking}"
