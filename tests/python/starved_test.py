"""Small and odd machines: what lacks is told by one line and exit code 1, and what is enough is enough.

    starved_test.py PROGRAMS [LIBRARY] [--quick] [--only WORD]...

Each case is a function below, whose text says what holds. --quick leaves out those that take long. What this
machine cannot do (a namespace of one's own, a locale) is skipped and said. Needs the standard library alone.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import json
import os
import pathlib
import resource
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator

from fault_support import FACE, JPEG, PICTURE, avi_of
from serve_support import Service

PATIENCE = 120.0
MEGABYTE = 1 << 20
CASES: list[tuple[Callable, bool]] = []


class Skipped(Exception):
    pass


def case(quick: bool = True):
    def register(function):
        CASES.append((function, quick))
        return function

    return register


class Machine:
    """The programs, and a folder with inputs for them."""

    def __init__(self, programs: pathlib.Path, folder: pathlib.Path) -> None:
        self.programs = programs
        self.folder = folder
        (folder / "face.png").write_bytes(FACE.read_bytes())
        (folder / "picture.png").write_bytes(PICTURE.read_bytes())
        (folder / "video.avi").write_bytes(avi_of(JPEG.read_bytes(), 4))
        self.run("fer-data pack --quiet --data synthetic:140 --output faces.pack").check()

    def words(self, line: str | list[str]) -> list:
        words = line.split() if isinstance(line, str) else line
        return [self.programs / words[0], *words[1:]]

    def run(
        self,
        line: str | list,
        *,
        limits: dict[int, int] | None = None,
        closed: tuple[int, ...] = (),
        environment: dict[str, str | None] | None = None,
        before: Callable[[], None] | None = None,
        cwd: pathlib.Path | None = None,
        stdout: object = subprocess.PIPE,
    ) -> Ended:
        def prepare() -> None:
            for kind, most in (limits or {}).items():
                resource.setrlimit(kind, (most, most))
            if before:
                before()
            for descriptor in closed:
                os.close(descriptor)

        changed = {**os.environ, "OMP_WAIT_POLICY": "passive"}
        for name, value in (environment or {}).items():
            if value is None:
                changed.pop(name, None)
            else:
                changed[name] = value
        process = subprocess.Popen(
            self.words(line),
            cwd=cwd or self.folder,
            env=changed,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            preexec_fn=prepare,
        )
        results, told = process.communicate(timeout=PATIENCE)
        return Ended(line, process.returncode, results or b"", told.decode("utf-8", "replace"))

    @contextlib.contextmanager
    def started(self, line: str) -> Iterator[subprocess.Popen]:
        process = subprocess.Popen(
            self.words(line),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


class Ended:
    def __init__(self, line: object, code: int, results: bytes, told: str) -> None:
        self.line, self.code, self.results, self.told = line, code, results, told

    def __str__(self) -> str:
        shown = self.line if isinstance(self.line, str) else " ".join(map(str, self.line))
        return f"{shown[:150]}: exit {self.code}: {self.told[-400:]!r}"

    def check(self) -> Ended:
        assert self.code == 0, str(self)
        return self

    def is_told(self, *parts: str, code: int = 1) -> Ended:
        assert self.code == code, str(self)
        errors = [line for line in self.told.splitlines() if ": error: " in line]
        assert len(errors) == 1, str(self)
        assert all(part in errors[0] for part in parts), f"{parts} not in {self}"
        return self


PREDICT = "fer-predict --quiet --threads 2 --detector none"
TRAIN = "fer-train --quiet --threads 1 --arch nano --width 0.25 --epochs 2 --batch-size 32"
# One of each kind: what reads pictures, videos, models and data, and what writes them.
COMMANDS = (
    f"{PREDICT} face.png --output out/a.png",
    f"{PREDICT} video.avi --output out/a.mp4",
    f"{PREDICT} picture.png --save-crops out/crops",
    "fer-eval --quiet --threads 1 --data faces.pack --json out/a.json --report out/page",
    "fer-data pack --quiet --data faces.pack --output out/b.pack",
    "fer-model export --quiet nano --output out/a.onnx",
    f"{TRAIN} --data faces.pack --output out/runs",
)


def fresh(machine: Machine) -> pathlib.Path:
    out = machine.folder / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    return out


def hidden(folder: pathlib.Path) -> list[str]:
    return [str(path) for path in folder.rglob(".*")]


@case()
def test_twenty_descriptors_are_enough(machine: Machine) -> None:
    """With 20 file descriptors every program does its work, on 40 videos, too."""
    videos = [f"v{i}.avi" for i in range(40)]
    for video in videos:
        shutil.copy(machine.folder / "video.avi", machine.folder / video)
    lines = [*COMMANDS, f"{PREDICT} {' '.join(videos)}"]
    for line in lines:
        fresh(machine)
        machine.run(line, limits={resource.RLIMIT_NOFILE: 20}).check()


@case(quick=False)
def test_too_few_descriptors_are_told(machine: Machine) -> None:
    """With 4 to 14 descriptors a program does its work, or says that they are too few."""
    for line in COMMANDS:
        for most in range(4, 15):
            out = fresh(machine)
            ended = machine.run(line, limits={resource.RLIMIT_NOFILE: most})
            if ended.code == 127:  # the loader, before any of our code runs
                continue
            if ended.code != 0:
                assert ended.code == 1, f"{most} descriptors: {ended}"
                words = ("Too many open files", "out of file descriptors", "cannot")
                assert any(word in ended.told for word in words), str(ended)
            assert not hidden(out), f"{most} descriptors: left {hidden(out)}"


@case(quick=False)
def test_little_memory_is_told(machine: Machine) -> None:
    """Whatever the limit of address space, a program does its work or says that memory is too little."""
    wrong = []
    for line in COMMANDS:
        for most in range(50, 1600, 50):
            fresh(machine)
            ended = machine.run(line, limits={resource.RLIMIT_AS: most * MEGABYTE})
            # The loader, and what LibTorch does while it is loaded, before any of our code runs.
            early = ("error while loading shared libraries", "terminate called after")
            if ended.code in (0, 127) or any(word in ended.told for word in early):
                continue
            words = ("memory", "allocate", "Resource temporarily", "too large", "failed to map")
            said = ended.told + ended.results.decode("utf-8", "replace")
            if ended.code != 1 or not any(word in said for word in words):
                wrong.append(f"{most} MB: {ended}")
    assert not wrong, "\n".join(wrong)


@case()
def test_six_hundred_megabytes_are_enough_to_predict(machine: Machine) -> None:
    """fer-predict needs no more than 600 MB of address space."""
    for line in COMMANDS[:3]:
        fresh(machine)
        machine.run(line, limits={resource.RLIMIT_AS: 600 * MEGABYTE}).check()


@case()
def test_no_home_and_no_temporary_folder(machine: Machine) -> None:
    """Without HOME, and where TMPDIR names nothing, everything works."""
    for environment in (
        {"HOME": None, "TMPDIR": "/nowhere"},
        {"HOME": "/nowhere", "XDG_CACHE_HOME": "/nowhere"},
    ):
        for line in COMMANDS:
            fresh(machine)
            machine.run(line, environment=environment).check()


CLONE_NEWUSER, CLONE_NEWNS = 0x10000000, 0x00020000
MS_RDONLY, MS_REMOUNT, MS_BIND = 1, 32, 4096


def own_mounts(mounts: Callable[[Callable], None]) -> Callable[[], None]:
    """For a child: a namespace in which mount() shows nobody else what it does."""
    libc = ctypes.CDLL(None, use_errno=True)

    def mount(source: str, target: str, kind: str, flags: int) -> None:
        if libc.mount(source.encode(), target.encode(), kind.encode(), flags, None) != 0:
            raise OSError(ctypes.get_errno(), f"mount {target}")

    def enter() -> None:
        if libc.unshare(CLONE_NEWNS) != 0 and libc.unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        libc.mount(None, b"/", None, 0x44000, None)  # private, and all below
        mounts(mount)

    return enter


def in_namespace(machine: Machine, line: str, mounts: Callable[[Callable], None]) -> Ended:
    try:
        return machine.run(line, before=own_mounts(mounts))
    except subprocess.SubprocessError as error:
        raise Skipped(f"no namespace of mounts: {error}") from error


@case()
def test_no_tmp_at_all(machine: Machine) -> None:
    """Where /tmp can only be read, everything works: nothing needs it. What must go through it says so."""
    if machine.folder.is_relative_to("/tmp"):
        raise Skipped("the test's folder lies in /tmp itself; TMPDIR names another place")
    for line in COMMANDS:
        fresh(machine)
        in_namespace(machine, line, lambda mount: mount("none", "/tmp", "tmpfs", MS_RDONLY)).check()


@case()
def test_a_folder_that_can_only_be_read(machine: Machine) -> None:
    """Outputs that go to a disk that can only be read are refused, by name, and before the work."""
    out = fresh(machine)

    def read_only(mount: Callable) -> None:
        mount(str(out), str(out), "", MS_BIND)
        mount(str(out), str(out), "", MS_BIND | MS_REMOUNT | MS_RDONLY)

    for line in COMMANDS:
        in_namespace(machine, line, read_only).is_told("out")


@case()
def test_closed_streams(machine: Machine) -> None:
    """With any of the three streams closed no file is damaged; lost results are an error."""
    machine.run(COMMANDS[0]).check()
    for number in range(1, 8):
        closed = tuple(descriptor for descriptor in range(3) if number & 1 << descriptor)
        out = fresh(machine)
        ended = machine.run(COMMANDS[0] + " --format jsonl", closed=closed)
        assert ended.code == (1 if 1 in closed else 0), f"closed {closed}: {ended}"
        if 1 not in closed:
            assert json.loads(ended.results)["faces"], f"closed {closed}: {ended.results}"
        picture = out / "a.png"
        assert not picture.exists() or picture.read_bytes()[-8:-4] == b"IEND", f"closed {closed}"
        shutil.rmtree(out)
        machine.run(f"{TRAIN} --data faces.pack --output out/runs", closed=closed)
        run = next((out / "runs").iterdir())
        for events in run.glob("events*"):
            assert events.read_bytes()[8:12] != b"", "no events"
            assert b"epoch" not in events.read_bytes(), f"closed {closed}: a message in {events}"
    fresh(machine)
    machine.run("fer-model list --json out/a.json", closed=(1,)).is_told("stdout")


@case()
def test_a_full_stdout(machine: Machine) -> None:
    """Results that a full disk does not take are an error."""
    with open("/dev/full", "wb") as full:
        for line in (f"{PREDICT} face.png", "fer-model list", "fer-eval --quiet --data faces.pack"):
            machine.run(line, stdout=full).is_told("cannot be written")


@case()
def test_locales_change_nothing(machine: Machine) -> None:
    """Whatever the locale, numbers and sorting are the same: results are byte for byte."""
    there = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.split()
    chosen = [name for name in there if name.startswith(("de_", "tr_", "ja_", "ar_", "hi_"))][:8]
    lines = (
        f"{PREDICT} face.png --format csv",
        "fer-eval --quiet --threads 1 --data faces.pack --predictions out/a.csv --report out/page",
        "fer-model export --quiet nano --output out/a.onnx",
    )
    for line in lines:
        seen = {}
        for locale in ("C", "POSIX", "C.UTF-8", "xx_XX.nowhere", *chosen):
            out = fresh(machine)
            ended = machine.run(line, environment={"LC_ALL": locale, "LANG": locale}).check()
            files = {str(p.relative_to(out)): p.read_bytes() for p in out.rglob("*") if p.is_file()}
            seen[locale] = (
                ended.results,
                {n: c for n, c in files.items() if n != "page/index.html"},
            )
        differing = [locale for locale, value in seen.items() if value != seen["C"]]
        assert not differing, f"{line}: {differing} differ from C"


# Every option that takes a path, with what else it needs.
PATH_OPTIONS = (
    "fer-predict --detector none @",
    "fer-predict --detector none face.png --output @.png",
    "fer-predict --detector none face.png --output @/",
    "fer-predict --detector none face.png --save-crops @",
    "fer-predict --detector none face.png --explain @",
    "fer-predict --detector none face.png --features @.npy",
    "fer-predict --detector none face.png --model @",
    "fer-predict --detector none face.png --config @",
    "fer-predict --detector none face.png --person-baseline @",
    "fer-predict --detector-model @ --detector yunet face.png",
    "fer-eval --data @",
    "fer-eval --data faces.pack --ferplus @",
    "fer-eval --data faces.pack --json @",
    "fer-eval --data faces.pack --predictions @",
    "fer-eval --data faces.pack --report @",
    "fer-eval --data faces.pack --figure @.svg",
    "fer-eval --data faces.pack --class-names @",
    "fer-data check --data faces.pack --json @",
    "fer-data check --data faces.pack --report @",
    "fer-data pack --data faces.pack --output @",
    "fer-data export --data faces.pack --output @",
    "fer-data export --data faces.pack --format csv --output @",
    "fer-data synth --count 7 --output @",
    "fer-data synth --count 7 --output out/s --sheet @.png",
    "fer-model convert nano --output @",
    "fer-model convert @ --output out/m",
    "fer-model export nano --output @",
    "fer-model describe @",
    "fer-model describe nano --json @",
    "fer-model import @ --spec face.png",
    "fer-model calibrate nano --data faces.pack --split all --output @",
    "fer-model quantize nano --data faces.pack --output @",
    "fer-train --data @",
    "fer-train --data faces.pack --arch nano --output @",
    "fer-train --data faces.pack --arch nano --name @",
    "fer-train --data faces.pack --resume @",
    "fer-train --data faces.pack --init-from @",
    "fer-train --data faces.pack --distill @",
    "fer-train --compare @",
    "fer-train --data faces.pack --contact-sheet @.png",
    "fer-train --data faces.pack --lr-range-test @.svg",
)


def path_of(length: int) -> str:
    return "/".join(["d" * 99] * (length // 100))


@case(quick=False)
def test_overlong_paths_are_told(machine: Machine) -> None:
    """A path of 5,000 bytes, or a name of 300, is one line and exit code 1 or 2, for every option."""
    wrong = []
    for path in (path_of(5000), "n" * 300):
        for option in PATH_OPTIONS:
            fresh(machine)
            ended = machine.run(option.replace("@", path))
            errors = [line for line in ended.told.splitlines() if ": error: " in line]
            if ended.code not in (1, 2) or len(errors) != 1:
                wrong.append(
                    f"{len(path)} bytes, {option}: exit {ended.code}: {ended.told[-300:]!r}"
                )
    assert not wrong, "\n".join(wrong)


@case()
def test_long_paths_work(machine: Machine) -> None:
    """A path of 3,900 bytes, and a name of 255, can be read and written."""
    out = fresh(machine)
    room = (3900 - len(str(out))) // 100 * 100
    for name in (f"{path_of(room)}/a", "n" * 251):
        path = f"out/{name}"
        machine.run(f"{PREDICT} face.png --output {path}.png").check()
        machine.run(f"{PREDICT} {path}.png").check()
        machine.run(f"fer-data pack --quiet --data faces.pack --output {path}.pak").check()
        machine.run(f"fer-eval --quiet --data {path}.pak --split all").check()


@case()
def test_names_that_are_no_utf8(machine: Machine) -> None:
    """Names of any bytes are read and written; JSON stays JSON, and no escape reaches the terminal."""
    out = fresh(machine)
    odd = b"\xff\xfe \x1b[31m\n\xe2\x80\xae"
    folder = os.fsencode(out) + b"/" + odd
    os.mkdir(folder)
    shutil.copy(machine.folder / "face.png", folder + b"/" + odd + b".png")
    words = ["fer-predict", "--detector", "none"]
    for format_name in ("text", "jsonl", "csv"):
        ended = machine.run(
            [
                *words,
                "--format",
                format_name,
                folder,
                "--output",
                os.fsencode(out) + b"/o" + odd + b"/",
            ]
        )
        ended.check()
        if format_name == "jsonl":
            assert json.loads(ended.results)["faces"], ended.results
        if format_name == "text":
            assert b"\x1b" not in ended.results and "\x1b" not in ended.told, ended.results
        shutil.rmtree(os.fsencode(out) + b"/o" + odd)
    missing = machine.run([*words, folder + b"/none.png"])
    assert missing.code in (1, 2) and "\x1b" not in missing.told, str(missing)
    data = os.fsencode(out) + b"/data" + odd
    machine.run(["fer-data", "synth", "--quiet", "--count", "14", "--output", data]).check()
    machine.run(
        ["fer-data", "pack", "--quiet", "--data", data, "--output", data + b".pack"]
    ).check()
    evaluate = ["fer-eval", "--quiet", "--split", "all", "--json", "-", "--data"]
    machine.run([*evaluate, data + b".pack"]).is_told(
        "is not UTF-8"
    )  # its JSON names what was evaluated
    os.rename(data + b".pack", out / "data.pack")
    json.loads(machine.run([*evaluate, out / "data.pack"]).check().results)


@case()
def test_two_programs_in_one_run_folder(machine: Machine) -> None:
    """A run folder has one program: the second one is told so, and the first one goes on."""
    fresh(machine)
    line = f"{TRAIN} --epochs 300 --data faces.pack --output out/runs"
    with machine.started(line) as first:
        run = machine.folder / "out/runs/nano-1"
        wait_for(lambda: (run / "last.ckpt").exists())
        machine.run("fer-train --quiet --resume out/runs/nano-1").is_told("another process")
        with machine.started(line) as other:
            wait_for(lambda: (machine.folder / "out/runs/nano-2/last.ckpt").exists())
            other.send_signal(signal.SIGINT)
            assert other.wait(PATIENCE) == 130
        first.send_signal(signal.SIGINT)
        assert first.wait(PATIENCE) == 130
    machine.run("fer-train --quiet --resume out/runs/nano-1 --epochs 3").check()


@case()
def test_a_run_folder_that_is_removed(machine: Machine) -> None:
    """Training whose run folder is removed says so, and does not make half of one anew."""
    out = fresh(machine)
    with machine.started(f"{TRAIN} --epochs 300 --data faces.pack --output out/runs") as training:
        run = out / "runs/nano-1"
        wait_for(lambda: (run / "last.ckpt").exists())
        training.send_signal(signal.SIGSTOP)
        shutil.rmtree(run)
        training.send_signal(signal.SIGCONT)
        _, told = training.communicate(timeout=PATIENCE)
        # The second where it was stopped between two files of an epoch.
        words = ("the run folder was removed", "nano-1/")
        assert training.returncode == 1 and any(word in told for word in words), told
        assert not (run / "config.json").exists()


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.001)


def reads(process: subprocess.Popen, path: pathlib.Path) -> bool:
    """Whether it has the file mapped (a CSV), or open (a packed set)."""
    home = pathlib.Path(f"/proc/{process.pid}")
    try:
        if str(path) in (home / "maps").read_text():
            return True
        return path.suffix == ".pack" and any(
            os.readlink(entry) == str(path) for entry in (home / "fd").iterdir()
        )
    except OSError:
        return process.poll() is not None


CHANGED = "was changed while it was read"


def changed_while_read(
    machine: Machine, line: str, data: pathlib.Path, change: Callable[[], None]
) -> str | None:
    """Stops a program once it reads its data, changes these, and lets it go on; what it told.

    None: it had read all of them before it was stopped, and did its work.
    """
    with machine.started(line) as program:
        wait_for(lambda: reads(program, data))
        program.send_signal(signal.SIGSTOP)
        if not reads(program, data):
            raise Skipped("the file was read before it could be changed")
        change()
        program.send_signal(signal.SIGCONT)
        _, told = program.communicate(timeout=PATIENCE)
        assert program.returncode in (0, 1), f"{line}: exit {program.returncode}: {told}"
        return told if program.returncode == 1 else None


def overwrite(path: pathlib.Path) -> None:
    """In place, with as many bytes, as `cp` onto a file does."""
    size = path.stat().st_size
    with open(path, "r+b") as file:
        file.seek(size // 2)
        file.write(b"\0" * (size // 2 - 1000))


@case()
def test_data_that_change_while_they_are_read(machine: Machine) -> None:
    """A packed set or CSV that is cut or overwritten in place meanwhile is an error that names it."""
    machine.run("fer-data pack --quiet --data synthetic:4000 --output whole.pack").check()
    machine.run("fer-data export --quiet --data whole.pack --format csv --output whole.csv").check()
    for ending in ("pack", "csv"):
        data = machine.folder / f"changing.{ending}"
        for line in (
            f"fer-eval --quiet --threads 1 --data {data.name} --split all --json out/a.json",
            f"fer-data pack --quiet --threads 1 --data {data.name} --output out/b.pack",
        ):
            for change, words in (
                # Cut after its last byte was read, it is no more than changed; before its first, no
                # more than cut off.
                (lambda: os.truncate(data, 100_000), ("shorter", CHANGED, "is cut off")),
                (lambda: overwrite(data), (CHANGED,)),
            ):
                told = None
                for _ in range(10):  # it may be stopped too late on a busy machine
                    out = fresh(machine)
                    shutil.copy(machine.folder / f"whole.{ending}", data)
                    told = changed_while_read(machine, line, data, change)
                    if told is not None:
                        break
                assert told is not None, f"{line}: exit 0 each time"
                assert data.name in told, f"{line}: {told}"
                assert ending == "csv" or any(word in told for word in words), f"{line}: {told}"
                assert not list(out.iterdir()), f"{line}: left {list(out.iterdir())}"


@case()
def test_files_that_may_not_grow(machine: Machine) -> None:
    """A limit of file sizes (ulimit -f) is an error that names the file, and leaves nothing half."""
    for line in COMMANDS:
        out = fresh(machine)
        ended = machine.run(line, limits={resource.RLIMIT_FSIZE: 500})
        ended.is_told("out/", "File too large")
        assert not hidden(out), f"{line}: left {hidden(out)}"


@case()
def test_a_service_with_twenty_descriptors(machine: Machine) -> None:
    """fer-serve with 20 file descriptors outlives 40 connections at a time, and answers then."""
    if not (machine.programs / "fer-serve").exists():
        raise Skipped("no fer-serve")
    with Service(machine.programs, "--model", "nano", "--threads", "2") as service:
        resource.prlimit(service.process.pid, resource.RLIMIT_NOFILE, (20, 20))
        with contextlib.ExitStack() as connections:
            for _ in range(40):
                place = (service.host, service.port)
                connections.enter_context(socket.create_connection(place, timeout=10))
            time.sleep(0.5)
        answer = service.post_picture("/v1/predict?detector=none", FACE.read_bytes())
        assert answer.status == 200, answer.status
        assert service.end() == 0


def sent_without_end(listener: socket.socket, start: bytes) -> None:
    """Answers each connection with this, then with bytes as long as they are taken."""

    def send(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.recv(4096)
            connection.sendall(start)
            while True:
                connection.sendall(b"\x55" * MEGABYTE)

    with contextlib.suppress(OSError):
        while True:
            threading.Thread(target=send, args=(listener.accept()[0],), daemon=True).start()


@case(quick=False)
def test_a_stream_that_announces_four_gigabytes(machine: Machine) -> None:
    """A picture of 4 GB in a camera's stream is refused before it has taken one of memory."""
    head = b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=f\r\n\r\n"
    part = b"--f\r\nContent-Type: image/jpeg\r\nContent-Length: 4294967280\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        sending = threading.Thread(target=sent_without_end, args=(listener, head + part))
        sending.daemon = True
        sending.start()
        most = 0
        line = f"{PREDICT} http://127.0.0.1:{port}/ --reconnect 0"
        with machine.started(line) as program:
            while program.poll() is None:
                status = pathlib.Path(f"/proc/{program.pid}/status").read_text()
                peak = re.search(r"VmHWM:\s*(\d+) kB", status)
                most = max(most, int(peak.group(1)) // 1024 if peak else 0)
                time.sleep(0.02)
            assert program.returncode == 1, program.returncode
        assert most < 1000, f"{most} MB"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("library", type=pathlib.Path, nargs="?", help="not used")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", action="append", default=[])
    given = parser.parse_args()
    counts = {"held": 0, "failed": 0, "skipped": 0}
    with tempfile.TemporaryDirectory(
        prefix="fer-starved-", dir=os.environ.get("TMPDIR", "/var/tmp")
    ) as name:
        machine = Machine(given.programs.resolve(), pathlib.Path(name).resolve())
        for function, quick in CASES:
            if (
                given.quick
                and not quick
                or given.only
                and not any(w in function.__name__ for w in given.only)
            ):
                continue
            start = time.monotonic()
            try:
                function(machine)
                ending = "held"
            except Skipped as reason:
                ending = "skipped"
                print(f"  {reason}")
            except (
                AssertionError,
                OSError,
                ValueError,
                StopIteration,
                subprocess.SubprocessError,
            ) as problem:
                ending = "failed"
                print(f"  {problem!r}" if not str(problem) else f"  {problem}")
            counts[ending] += 1
            print(f"{ending}: {function.__doc__} {time.monotonic() - start:.1f} s", flush=True)
    print(", ".join(f"{number} {what}" for what, number in counts.items()))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
