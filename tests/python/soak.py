"""Programs that run for long: memory, descriptors and threads stay as they are.

    soak.py PROGRAMS [--minutes 360] [--only video|stream|service]...

A third of the time each: a video that does not end (as fast as it is read: 180,000 frames are two hours of
25 a second), with annotated frames written; a camera's stream whose server dies and comes back (each minute,
or sixty times in shorter runs); fer-serve under the mixed load of serve_soak.py. Prints a plot of each and
whether it is flat: memory is where the line through its samples (Theil and Sen's: the median of the slopes)
rises by less than 5 % or 8 MB from the first fifth of the time to its end; descriptors and threads are where
the median of the last fifth is at most 2 above that of the second one. Needs the standard library alone.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import itertools
import os
import pathlib
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator

from fault_support import JPEG, avi_of
from serve_soak import DUE, Soak
from serve_support import Service

COLUMNS = 72
MOST_RISE = 0.05  # of the memory, or so many MB:
MOST_MEGABYTES = 8.0
MOST_MORE = 2  # descriptors or threads
BARS = "▁▂▃▄▅▆▇█"


@dataclasses.dataclass
class Samples:
    """Of one process: seconds since the start, MB, open descriptors, threads."""

    seconds: list[float] = dataclasses.field(default_factory=list)
    memory: list[float] = dataclasses.field(default_factory=list)
    descriptors: list[int] = dataclasses.field(default_factory=list)
    threads: list[int] = dataclasses.field(default_factory=list)

    def take(self, process: int, since: float) -> None:
        folder = pathlib.Path("/proc") / str(process)
        status = (folder / "status").read_text()
        pages = int((folder / "statm").read_text().split()[1])
        self.seconds.append(time.monotonic() - since)
        self.memory.append(pages * os.sysconf("SC_PAGE_SIZE") / 1e6)
        self.descriptors.append(len(os.listdir(folder / "fd")))
        self.threads.append(int(status.partition("Threads:")[2].split()[0]))


def slope(xs: list[float], ys: list[float]) -> float:
    """Theil and Sen's, of at most some 300 points."""
    step = max(1, len(xs) // 300)
    points = list(zip(xs[::step], ys[::step]))
    slopes = [
        (b[1] - a[1]) / (b[0] - a[0]) for a, b in itertools.combinations(points, 2) if b[0] > a[0]
    ]
    return statistics.median(slopes) if slopes else 0.0


def plot(values: list[float], room: float) -> str:
    """Bars from the least value to the largest, or to `room` above it where they differ by less."""
    least = min(values)
    height = max(max(values) - least, room)
    width = min(COLUMNS, len(values))
    cuts = [i * len(values) // width for i in range(width + 1)]
    means = [statistics.mean(values[a:b]) for a, b in zip(cuts, cuts[1:])]
    return "".join(BARS[min(7, int(8 * (mean - least) / height))] for mean in means)


def judge(name: str, samples: Samples) -> list[str]:
    """Prints the plots, without the first fifth; what is not flat."""
    wrong = []
    settled = len(samples.seconds) // 5
    seconds, memory = samples.seconds[settled:], samples.memory[settled:]
    rise = slope(seconds, memory) * (seconds[-1] - seconds[0])
    bound = max(MOST_RISE * memory[0], MOST_MEGABYTES)
    verdict = "flat" if rise < bound else "NOT FLAT"
    print(f"{name}, {samples.seconds[-1] / 60:.1f} minutes, {len(samples.seconds)} samples")
    print(f"  memory      {plot(memory, bound)}")
    print(
        f"              {min(memory):.1f} to {max(memory):.1f} MB, {verdict}: "
        f"{rise:+.2f} MB; less than {bound:.1f} are allowed"
    )
    if rise >= bound:
        wrong.append(f"{name}: memory rises by {rise:.1f} MB")
    for what, values in (("descriptors", samples.descriptors), ("threads", samples.threads)):
        values = values[settled:]
        fifth = max(1, settled)
        more = statistics.median(values[-fifth:]) - statistics.median(values[:fifth])
        verdict = "flat" if more <= MOST_MORE else "NOT FLAT"
        print(f"  {what:11s} {plot([float(value) for value in values], 8.0)}")
        print(
            f"              {min(values)} to {max(values)}, {verdict}: {more:+.0f}; "
            f"at most {MOST_MORE} are allowed"
        )
        if more > MOST_MORE:
            wrong.append(f"{name}: {more:.0f} more {what}")
    return wrong


def watch(process: subprocess.Popen, seconds: float) -> Samples:
    """Samples until the time is over; an early end is an error."""
    samples = Samples()
    begin = time.monotonic()
    pause = max(0.2, min(5.0, seconds / 600))
    while time.monotonic() < begin + seconds:
        assert process.poll() is None, f"ended early with {process.returncode}"
        samples.take(process.pid, begin)
        time.sleep(pause)
    return samples


@contextlib.contextmanager
def predicting(
    programs: pathlib.Path, folder: pathlib.Path, *words: str
) -> Iterator[subprocess.Popen]:
    with open(folder / "results.jsonl", "wb") as results, open(folder / "told.txt", "wb") as told:
        process = subprocess.Popen(
            [programs / "fer-predict", "--format", "jsonl", *words],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=results,
            stderr=told,
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def results_in(folder: pathlib.Path) -> int:
    with open(folder / "results.jsonl", "rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))


def small_picture() -> bytes:
    """A photo of few bytes: what is measured is what grows, not how fast faces are found."""
    return JPEG.read_bytes()


def endless(pipe: pathlib.Path, stopped: threading.Event) -> None:
    """An AVI as programs write it into a pipe: it names more frames than it has so far."""
    whole = avi_of(small_picture(), 1)
    head, _, rest = whole.partition(b"movi")
    frame = rest[: rest.index(b"idx1")]
    head = bytearray(head + b"movi")
    head[4:8] = b"\xff\xff\xff\x7f"
    head[-8:-4] = b"\xff\xff\xff\x7f"
    with contextlib.suppress(BrokenPipeError), open(pipe, "wb") as video:
        video.write(head)
        while not stopped.is_set():
            video.write(frame)


def soak_video(programs: pathlib.Path, folder: pathlib.Path, seconds: float) -> list[str]:
    pipe = folder / "video.avi"
    os.mkfifo(pipe)
    stopped = threading.Event()
    with predicting(programs, folder, str(pipe), "--output", "annotated.mkv") as process:
        threading.Thread(target=endless, args=(pipe, stopped), daemon=True).start()
        samples = watch(process, seconds)
        stopped.set()
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
    frames = results_in(folder)
    print(f"{frames:,} frames of a video, which are {frames / 25 / 3600:.2f} hours at 25 a second")
    wrong = judge("video", samples)
    return wrong if code == 130 and frames else [*wrong, f"video: exit {code}, {frames} frames"]


class Camera:
    """A server of moving JPEGs that dies now and then, with all its connections."""

    def __init__(self, port: int = 0) -> None:
        self.listener = socket.create_server(("127.0.0.1", port), reuse_port=True)
        self.port = self.listener.getsockname()[1]
        self.alive = True
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while self.alive:
            with contextlib.suppress(OSError):
                connection, _ = self.listener.accept()
                threading.Thread(target=self.send, args=(connection,), daemon=True).start()

    def send(self, connection: socket.socket) -> None:
        picture = small_picture()
        part = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (
            len(picture),
            picture,
        )
        with contextlib.suppress(OSError), connection:
            connection.settimeout(5)
            connection.recv(4096)
            connection.sendall(
                b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n\r\n"
            )
            while self.alive:
                connection.sendall(part)
                time.sleep(0.04)

    def die(self) -> None:
        self.alive = False
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


def soak_stream(programs: pathlib.Path, folder: pathlib.Path, seconds: float) -> list[str]:
    cameras = [Camera()]
    port = cameras[0].port
    deaths = 0
    over = threading.Event()

    def die_and_come_back() -> None:
        nonlocal deaths
        pause = min(60.0, seconds / 60)
        while not over.wait(pause):
            cameras[-1].die()
            deaths += 1
            over.wait(min(1.0, pause / 3))
            cameras.append(Camera(port))

    address = f"http://127.0.0.1:{port}/"
    with predicting(programs, folder, address, "--reconnect", "60") as process:
        threading.Thread(target=die_and_come_back, daemon=True).start()
        samples = watch(process, seconds)
        over.set()
        process.send_signal(signal.SIGINT)
        code = process.wait(60)
    cameras[-1].die()
    frames = results_in(folder)
    print(f"{frames:,} frames of a stream that died {deaths} times")
    wrong = judge("stream", samples)
    return wrong if code == 130 and frames else [*wrong, f"stream: exit {code}, {frames} frames"]


def left_open(service: Service, before: float) -> float:
    """Descriptors that are more than before, once all clients have gone."""
    deadline = time.monotonic() + 60
    while (more := service.metrics()["process_open_fds"] - before) > 0:
        if time.monotonic() > deadline:
            break
        time.sleep(0.5)
    return more


def soak_service(programs: pathlib.Path, folder: pathlib.Path, seconds: float) -> list[str]:
    words = ("--model", "nano", "--threads", "2", "--header-timeout", "2", "--idle-timeout", "10")
    with Service(programs, *words) as service:
        before = service.metrics()["process_open_fds"]
        load = Soak(service, seconds)
        threads = load.start()
        samples = watch(service.process, seconds)
        for thread in threads:
            thread.join(60)
        statuses = dict(load.statuses)
        wrong = load.failures[:5] + [f"service: answered {s}" for s in set(statuses) - DUE]
        if (more := left_open(service, before)) > 0:
            wrong.append(f"service: {more:.0f} descriptors stay open")
        reloads = service.metrics()['fer_reloads_total{result="done"}']
        if service.end() != 0:
            wrong.append("service: it did not end well")
    print(f"{sum(statuses.values()):,} requests to fer-serve: {statuses}; {reloads:.0f} reloads")
    # Clients come and go: descriptors and threads of connections are judged by their medians all the same.
    return wrong + judge("service", samples)


PARTS: dict[str, Callable[[pathlib.Path, pathlib.Path, float], list[str]]] = {
    "video": soak_video,
    "stream": soak_stream,
    "service": soak_service,
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=360.0, help="of all parts together")
    parser.add_argument("--only", action="append", choices=list(PARTS), default=[])
    given = parser.parse_args()
    chosen = given.only or list(PARTS)
    wrong = []
    for name in chosen:
        with tempfile.TemporaryDirectory(prefix="fer-soak-") as folder:
            wrong += PARTS[name](
                given.programs.resolve(), pathlib.Path(folder), 60 * given.minutes / len(chosen)
            )
            print(flush=True)
    print("\n".join(wrong) or "all of it is flat")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
