"""Whatever write, rename, fsync, open, mapping or allocation fails: no file is lost, and the error says which.

    fault_injection_test.py PROGRAMS LIBRARY [--quick] [--only WORD]... [--kinds KINDS]

LIBRARY is libfer_faults.so (tests/faults/). Each writer of our programs runs once undisturbed, which tells
how many calls it makes that can fail. Then it runs again and again, the n-th of them failing, for every n:
once, and from then on (as a full disk does); on a disk that knows nameless files, and on one that does not.
Each time the following must hold:

- exit code 1 and one line on stderr that names an output (or 0, and everything is as undisturbed);
- every file under its final name is what it was before or what it is undisturbed, and there is no other;
- a report has the figures of its page; a training run goes on to the end of the undisturbed one.

Short writes and interrupted calls (EINTR) are no faults: the result must be the undisturbed one's.
--quick takes the first, the middle and the last call of some. Needs the standard library alone.
"""

from __future__ import annotations

import argparse
import collections
import pathlib
import sys
import tempfile
import time
from collections.abc import Sequence

from fault_support import (
    FACE,
    JPEG,
    PICTURE,
    Ending,
    ENDS_BY_ITSELF,
    EVERY,
    Faults,
    avi_of,
    content_of,
    restore,
    spread,
    without_numbers,
)
from fault_writers import DATA, WRITERS, Writer
from training_faults import TrainingFaults

# What is made to fail, and how. Those that are not EINTR or short must be told.
FAULTS = (
    ("write", "ENOSPC", False),
    ("write", "ENOSPC", True),
    ("write", "EIO", False),
    ("write", "short", False),
    ("write", "EINTR", False),
    ("rename", "EIO", False),
    ("rename", "EACCES", True),
    ("sync", "EIO", False),
    ("sync", "EINTR", False),
    ("open", "EMFILE", False),
    ("open", "EROFS", True),
    ("map", "ENOMEM", False),
)
KINDS = ("write", "rename", "sync", "open", "map", "memory")
HARMLESS = ("short", "EINTR")
QUICK_FAULTS = (("write", "ENOSPC", True), ("rename", "EIO", False), ("sync", "EIO", False))
SOURCE_BROKE_OFF = " could not be read"
MOST_ALLOCATIONS = 30  # that fail in turn: they are spread over all


def differences(one: bytes, other: bytes) -> set[int]:
    """Where they differ, and the digits about it."""
    found = {i for i, (a, b) in enumerate(zip(one, other)) if a != b}
    digits = (
        {i for i, byte in enumerate(one) if 48 <= byte <= 57}
        if b"<html" in one[:200] or one[:1] == b"{"
        else set()
    )
    return found | digits if found else found


class Campaign:
    def __init__(
        self,
        faults: Faults,
        folder: pathlib.Path,
        quick: bool,
        kinds: Sequence[str] = KINDS,
        most: int = EVERY,
    ) -> None:
        self.faults = faults
        self.folder = folder
        self.quick = quick
        self.kinds = kinds
        self.most = most
        self.counts: collections.Counter[tuple[str, str]] = collections.Counter()
        self.problems: list[str] = []

    def prepare(self) -> None:
        """The inputs that all writers share."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "face.png").write_bytes(FACE.read_bytes())
        (self.folder / "other.png").write_bytes(PICTURE.read_bytes())
        (self.folder / "video.avi").write_bytes(avi_of(JPEG.read_bytes(), 6))
        (self.folder / "short.avi").write_bytes(avi_of(JPEG.read_bytes(), 2))
        for emotion in ("angry", "happy", "sad"):
            (self.folder / "small" / emotion).mkdir(parents=True)
            (self.folder / "small" / emotion / "a.png").write_bytes(FACE.read_bytes())
        words = [DATA, "pack", "--quiet", "--data", "synthetic:140", "--output", "faces.pack"]
        ended = self.faults.run(words, self.folder, log=False)
        assert ended.code == 0, ended.told

    def run(self, writer: Writer, fault: str = "", old_disk: bool = False) -> Ending:
        under = "" if fault.startswith("map") else "out"
        return self.faults.run(
            writer.words.split(),
            self.folder,
            fault,
            under=under,
            old_disk=old_disk,
            stdout=writer.stdout,
        )

    @property
    def out(self) -> pathlib.Path:
        return self.folder / "out"

    def through(self, writer: Writer) -> None:
        """All faults of one writer."""
        restore(self.out, {})
        if writer.before:
            ended = self.faults.run(writer.before.split(), self.folder, log=False)
            assert ended.code == 0, f"{writer.name}: {ended.told}"
        self.before = content_of(self.out)
        first = self.undisturbed(writer)
        second = self.undisturbed(writer)
        self.after = second
        # What holds dates, seconds or random numbers is compared without these.
        self.varying = {
            n: differences(first[n], second[n]) for n in second if first[n] != second[n]
        }
        for kind, how, lasting in QUICK_FAULTS if self.quick else FAULTS:
            if kind not in self.kinds:
                continue
            for old_disk in (False,) if self.quick or kind == "map" else (False, True):
                self.every(writer, kind, how, lasting, old_disk)
        if not self.quick and "memory" in self.kinds:
            self.allocations(writer)

    def undisturbed(self, writer: Writer) -> dict[str, bytes]:
        restore(self.out, self.before)
        ended = self.run(writer)
        assert ended.code == 0, f"{writer.name}: exit {ended.code}: {ended.told}"
        return content_of(self.out)

    def numbers(self, writer: Writer, kind: str, old_disk: bool) -> list[int]:
        """The calls that can fail, from an undisturbed run; all, or some of them."""
        restore(self.out, self.before)
        under = "" if kind == "map" else "out"
        ended = self.faults.run(
            writer.words.split(), self.folder, under=under, old_disk=old_disk, stdout=writer.stdout
        )
        last = sum(call.kind == kind for call in ended.calls)
        return spread(last, 3 if self.quick else self.most)

    def every(self, writer: Writer, kind: str, how: str, lasting: bool, old_disk: bool) -> None:
        for number in self.numbers(writer, kind, old_disk):
            fault = f"{kind}:{number}{'+' if lasting else ''}:{how}"
            restore(self.out, self.before)
            ended = self.run(writer, fault, old_disk)
            if ended.hits == 0:
                continue
            self.counts[writer.name, kind] += 1
            named = f"{writer.name}, {fault}{', old disk' if old_disk else ''}"
            self.judge(writer, named, ended, how in HARMLESS)

    def allocations(self, writer: Writer) -> None:
        def failing(number: int) -> Ending:
            restore(self.out, self.before)
            return self.run(writer, f"memory:{number}:ENOMEM")

        # A number that no run comes to tells how many there are.
        made = sum(call.kind == "memory" for call in failing(10**9).calls)
        step = max(1, made // MOST_ALLOCATIONS)
        for number in range(1, made + 1, step):
            ended = failing(number)
            if ended.hits == 0:
                continue
            self.counts[writer.name, "memory"] += 1
            self.judge(writer, f"{writer.name}, memory:{number}", ended, False, names_file=False)

    def same(self, name: str, content: bytes, whole: dict[str, bytes]) -> bool:
        if name not in whole:
            return False
        if name not in self.varying:
            return content == whole[name]
        if len(content) != len(whole[name]):
            return without_numbers(content) == without_numbers(whole[name])
        return all(i in self.varying[name] for i in differences(content, whole[name]))

    def judge(
        self, writer: Writer, named: str, ended: Ending, harmless: bool, names_file: bool = True
    ) -> None:
        def problem(what: str) -> None:
            self.problems.append(f"{named}: {what}")
            print(f"  {self.problems[-1]}", flush=True)

        left = content_of(self.out)
        if harmless and ended.code != 0:
            return problem(f"is no fault, and ended it: exit {ended.code}: {ended.told}")
        if not names_file and ended.code == 0 and self.lacks_one_frame(left):
            self.counts["one frame left out by a codec", "memory"] += 1
            return
        if ended.code == 0:
            if set(left) != set(self.after) or not all(
                self.same(n, c, self.after) for n, c in left.items()
            ):
                problem(f"exit 0, but the result is another: {self.changed(left)}")
            return
        lines = [line for line in ended.told.splitlines() if not line.startswith("W ")]
        if not names_file and ended.code == 1 and SOURCE_BROKE_OFF in ended.told:
            return  # an input whose end is lost is told so, and its output ends there, too
        if not names_file and any(word in ended.told for word in ENDS_BY_ITSELF):
            self.counts["ended by a library", "memory"] += 1
        elif ended.code != 1:
            problem(f"exit {ended.code}: {ended.told!r}")
        elif len(lines) != 1 or ": error: " not in lines[0]:
            problem(f"stderr is not one line: {ended.told!r}")
        elif names_file and not writer.stdout and not self.names_output(lines[0]):
            problem(f"the error names no output: {ended.told!r}")
        if writer.stdout:  # whoever redirects sees what came until then
            return
        if writer.name == "report" and "rename" in named and "+" in named:
            return  # where no name can be given any more, none can be given back
        for name, content in left.items():
            if not self.same(name, content, self.before) and not self.same(
                name, content, self.after
            ):
                problem(
                    f"left {name} with {len(content)} bytes, which is neither the old nor the new one"
                )
        for name in set(self.before) - set(left):
            problem(f"lost {name}")
        self.judge_pages(left, problem)

    def lacks_one_frame(self, left: dict[str, bytes]) -> bool:
        """A codec that finds no memory for a table of its own takes one frame as damaged."""
        differing = [
            n for n in self.after if n not in left or not self.same(n, left[n], self.after)
        ]
        return len(differing) == 1 and all(
            name.endswith((".mp4", ".mov", ".mkv", ".avi"))
            and 0.8 * len(self.after[name]) < len(left.get(name, b"")) < len(self.after[name])
            for name in differing
        )

    def judge_pages(self, left: dict[str, bytes], problem) -> None:
        """A report is the old one or the new one as a whole."""
        pages = {name: data for name, data in left.items() if name.startswith("page/")}
        if "page/index.html" not in self.before or not pages:
            return
        of_old = {name for name in self.before if name.startswith("page/")}
        is_old = set(pages) == of_old and all(
            self.same(n, c, self.before) for n, c in pages.items()
        )
        of_new = {name for name in self.after if name.startswith("page/")}
        is_new = set(pages) == of_new and all(self.same(n, c, self.after) for n, c in pages.items())
        if not is_old and not is_new:
            problem("the report is neither the old nor the new one")

    def names_output(self, line: str) -> bool:
        names = {*self.after, *self.before}
        folders = {str(parent) for name in names for parent in pathlib.PurePath(name).parents} - {
            "."
        }
        return any(f"out/{name}" in line for name in names | folders) or "faces.pack" in line

    def changed(self, left: dict[str, bytes]) -> str:
        differing = [n for n, c in left.items() if not self.same(n, c, self.after)]
        return ", ".join(sorted({*differing, *(set(self.after) - set(left))}))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("library", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", default=[], help="writers whose names hold this")
    parser.add_argument("--kinds", help="of calls, as in write,memory; all without it")
    parser.add_argument(
        "--most",
        type=int,
        default=EVERY,
        help="calls of a kind that fail in a writer, spread evenly",
    )
    given = parser.parse_args()
    kinds = given.kinds.split(",") if given.kinds else list(KINDS)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fer-faults-") as name:
        folder = pathlib.Path(name).resolve()
        faults = Faults(given.programs.resolve(), given.library.resolve(), folder / "calls.log")
        campaign = Campaign(faults, folder / "work", given.quick, kinds, given.most)
        campaign.prepare()
        for writer in WRITERS:
            if given.only and not any(word in writer.name for word in given.only):
                continue
            if given.quick and not writer.quick:
                continue
            campaign.through(writer)
            told = {kind: n for (who, kind), n in campaign.counts.items() if who == writer.name}
            print(f"{writer.name}: {sum(told.values())} faults {told}", flush=True)
        if not given.only or any(word in "training" for word in given.only):
            training = TrainingFaults(faults, folder / "training", given.quick, kinds, given.most)
            training.run(campaign.counts, campaign.problems)
    by_library = campaign.counts.pop(("ended by a library", "memory"), 0)
    without_frame = campaign.counts.pop(("one frame left out by a codec", "memory"), 0)
    total = sum(campaign.counts.values())
    kinds = collections.Counter()
    for (_, kind), number in campaign.counts.items():
        kinds[kind] += number
    print(", ".join(f"{number} {kind}" for kind, number in kinds.items()))
    print(
        f"{total} faults in {len({who for who, _ in campaign.counts})} writers, "
        f"{len(campaign.problems)} problems, {time.monotonic() - start:.0f} s"
        + (f"; {by_library} ended by a third-party library" if by_library else "")
        + (f"; {without_frame} left out one frame of a video" if without_frame else "")
    )
    return 1 if campaign.problems else 0


if __name__ == "__main__":
    sys.exit(main())
