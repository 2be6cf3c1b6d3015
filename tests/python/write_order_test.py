"""What a power cut leaves: files are made durable before they take their names, folders afterwards.

    write_order_test.py PROGRAMS LIBRARY

LIBRARY is libfer_faults.so (tests/faults/), which logs the calls of our programs here and makes none fail.
For every name that a writer gives must hold, in this order: the last write, fsync of the file, the name,
fsync of the folder. Of a training run also: each name is durable before the next one is given, first the
staged model, then the checkpoint that knows of it, then the best model. Needs the standard library alone.
"""

from __future__ import annotations

import pathlib
import sys
import tempfile

from fault_injection_test import Campaign
from fault_support import Call, Faults, restore
from fault_writers import WRITERS
from training_faults import TrainingFaults

# Records that TensorBoard follows while they grow, and a log: of those a power cut may take the end.
GROWING = ("events.out.", "log.txt")


class Order:
    """Goes through the calls of a run, and says what was not durable when it had to be."""

    def __init__(self, out: pathlib.Path, one_by_one: bool = False) -> None:
        self.out = str(out)
        self.one_by_one = one_by_one  # names that depend on each other
        self.dirty: set[str] = set()  # files with writes that no fsync came after
        self.unsynced: set[str] = set()  # names whose folder has not been made durable since
        self.given: list[str] = []  # final names, as they were given
        self.problems: list[str] = []

    def follow(self, calls: list[Call]) -> Order:
        for call in calls:
            getattr(self, call.kind)(call)
        left = {name for name in self.unsynced if not self.is_growing(name)}
        self.problems += [f"{name}: its folder was not made durable" for name in sorted(left)]
        return self

    def is_growing(self, name: str) -> bool:
        return pathlib.PurePath(name).name.startswith(GROWING)

    def write(self, call: Call) -> None:
        self.dirty.add(call.path)

    def sync(self, call: Call) -> None:
        self.dirty.discard(call.path)
        self.unsynced = {n for n in self.unsynced if str(pathlib.PurePath(n).parent) != call.path}

    def open(self, call: Call) -> None:
        if call.function == "mkdir" and call.path != self.out:
            self.unsynced.add(call.path)

    def map(self, call: Call) -> None:
        pass

    def rename(self, call: Call) -> None:
        target, source = call.path, call.other
        if source in self.dirty:
            self.problems.append(f"{target}: took its name before it was durable")
        staged = pathlib.PurePath(target).name.startswith(".")
        self.unsynced.discard(source)
        self.unsynced.add(target)
        if staged:  # a name on the way to another one
            return
        before = {n for n in self.unsynced - {target} if not self.is_growing(n)}
        if self.one_by_one and before:
            self.problems.append(f"{target}: came before {sorted(before)} was durable")
        self.given.append(target)


def main() -> int:
    programs, library = (pathlib.Path(word).resolve() for word in sys.argv[1:3])
    problems: list[str] = []
    names = 0
    with tempfile.TemporaryDirectory(prefix="fer-order-") as name:
        folder = pathlib.Path(name).resolve()
        faults = Faults(programs, library, folder / "calls.log")
        campaign = Campaign(faults, folder / "work", quick=True)
        campaign.prepare()
        for writer in WRITERS:
            if writer.stdout:
                continue
            restore(campaign.out, {})
            for old_disk in (False, True):
                restore(campaign.out, {})
                ended = campaign.run(writer, old_disk=old_disk)
                assert ended.code == 0, f"{writer.name}: {ended.told}"
                order = Order(campaign.out).follow(ended.calls)
                assert order.given, f"{writer.name}: gave no name"
                names += len(order.given)
                problems += [f"{writer.name}: {problem}" for problem in order.problems]
        training = TrainingFaults(faults, folder / "training", quick=True)
        training.prepare()
        order = Order(folder / "training/out", one_by_one=True).follow(training.made)
        problems += [f"training: {problem}" for problem in order.problems]
        given = [pathlib.PurePath(path).name for path in order.given]
        names += len(given)
        first = given.index("last.ckpt")
        assert given.index("best.safetensors.next") < first < given.index("best.safetensors"), given
    print("\n".join(problems) or f"{names} names were given in the order that survives a power cut")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
