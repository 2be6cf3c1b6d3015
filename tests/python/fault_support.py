"""Runs our programs with calls that fail (tests/faults/failing_calls.cpp), and says what became of files."""

from __future__ import annotations

import dataclasses
import os
import pathlib
import re
import shutil
import struct
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
PICTURE = ROOT / "docs" / "images" / "synthetic-faces.png"
FACE = ROOT / "docs" / "images" / "drawn-face.png"
JPEG = ROOT / "docs" / "images" / "predict-annotated.jpg"
# Libraries that end a process by themselves where they lack memory: GDAL, which OpenCV's codecs load, GLib, and
# what is written in Rust in librsvg. Files must be whole then, too.
ENDS_BY_ITSELF = (
    "CPLMalloc(): Out of memory",
    "CPLRealloc(): Out of memory",
    "CPLCalloc(): Out of memory",
    "GLib-ERROR",
    "memory allocation of ",
)
EVERY = 10**9
PATIENCE = 120.0  # seconds for what takes one


@dataclasses.dataclass
class Call:
    """A call that counted, as the library logs it."""

    kind: str
    function: str
    path: str
    other: str
    failed: bool


@dataclasses.dataclass
class Ending:
    code: int
    told: str  # on stderr
    calls: list[Call]

    @property
    def hits(self) -> int:
        return sum(call.failed for call in self.calls)


def jpeg_size(jpeg: bytes) -> tuple[int, int]:
    at = 2
    while not 0xC0 <= jpeg[at + 1] <= 0xC2:
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    height, width = struct.unpack(">HH", jpeg[at + 5 : at + 9])
    return width, height


def avi_of(jpeg: bytes, frames: int, rate: int = 10) -> bytes:
    """A video whose frames are all this picture."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)

    def listed(name: bytes, content: bytes) -> bytes:
        return chunk(b"LIST", name + content)

    width, height = jpeg_size(jpeg)
    main = struct.pack(
        "<14I", 10**6 // rate, 0, 0, 0x10, frames, 0, 1, 0, width, height, 0, 0, 0, 0
    )
    stream = b"vids" + b"MJPG" + struct.pack("<10I", 0, 0, 0, 1, rate, 0, frames, 0, 0, 0)
    stream += struct.pack("<4H", 0, 0, width, height)
    pixels = struct.pack("<IiiHH4sIiiII", 40, width, height, 1, 24, b"MJPG", 0, 0, 0, 0, 0)
    head = listed(
        b"hdrl",
        chunk(b"avih", main) + listed(b"strl", chunk(b"strh", stream) + chunk(b"strf", pixels)),
    )
    picture = chunk(b"00dc", jpeg)
    index = b"".join(
        b"00dc" + struct.pack("<3I", 0x10, 4 + i * len(picture), len(jpeg)) for i in range(frames)
    )
    content = b"AVI " + head + listed(b"movi", picture * frames) + chunk(b"idx1", index)
    return chunk(b"RIFF", content)


class Faults:
    """Starts programs of one folder, with faults in calls about files below another one."""

    def __init__(self, programs: pathlib.Path, library: pathlib.Path, log: pathlib.Path) -> None:
        self.programs = programs
        self.library = library
        self.log = log

    def run(
        self,
        words: list[str],
        work: pathlib.Path,
        fault: str = "",
        *,
        under: str = "",
        old_disk: bool = False,
        log: bool = True,
        stdout: str = "",
        timeout: float = PATIENCE,
    ) -> Ending:
        """`under` is a folder in `work`; `fault` KIND:N:HOW."""
        self.log.unlink(missing_ok=True)
        environment = {
            **os.environ,
            "LD_PRELOAD": str(self.library),
            "OMP_WAIT_POLICY": "passive",
            "FER_FAULT_UNDER": str(work / under) if under else str(work),
        }
        if log:
            environment["FER_FAULT_LOG"] = str(self.log)
        if fault:
            environment["FER_FAULT"] = fault
        if old_disk:
            environment["FER_FAULT_OLD"] = "1"
        with open(work / stdout if stdout else os.devnull, "wb") as results:
            ended = subprocess.run(
                [self.programs / words[0], *words[1:]],
                cwd=work,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=results,
                stderr=subprocess.PIPE,
                timeout=timeout,
            )
        return Ending(ended.returncode, ended.stderr.decode("utf-8", "replace"), self.calls())

    def calls(self) -> list[Call]:
        if not self.log.exists():
            return []
        rows = [line.split("\t") for line in self.log.read_text(errors="replace").splitlines()]
        return [Call(*row[:4], row[4] == "failed") for row in rows if len(row) == 5]


def spread(last: int, most: int) -> list[int]:
    """At most so many of the numbers from 1 to `last`, the first and the last among them."""
    if last <= most:
        return list(range(1, last + 1))
    return sorted({1 + round(i * (last - 1) / (most - 1)) for i in range(most)})


def content_of(folder: pathlib.Path) -> dict[str, bytes]:
    """Every file below a folder, by its path in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def restore(folder: pathlib.Path, content: dict[str, bytes]) -> None:
    """A folder with these files and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, data in content.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def without_numbers(content: bytes) -> bytes:
    """What holds dates and seconds, but for these."""
    return re.sub(rb"[0-9]+", b"0", content)
