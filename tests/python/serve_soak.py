"""Mixed load on fer-serve for a while: memory and open files stay flat, and every answer is one that was due.

    serve_soak.py PROGRAMS [MINUTES]     (20)

Good requests of every kind, streams, broken requests, clients that vanish, and SIGHUP now and then. Prints a line
a minute. Fails where, after the first fifth of the time, resident memory rises by more than a tenth and 30 MB, or
the number of open files by more than 20 once all is quiet.
"""

from __future__ import annotations

import contextlib
import pathlib
import random
import signal
import sys
import threading
import time
from collections import Counter

from serve_support import SCENE, Service, WebSocket, as_base64, form

FACE = SCENE.with_name("drawn-face.png").read_bytes()
PICTURE = SCENE.read_bytes()
DUE = {200, 400, 408, 413, 415, 422, 431, 503}


class Soak:
    def __init__(self, service: Service, seconds: float) -> None:
        self.service = service
        self.end = time.monotonic() + seconds
        self.statuses: Counter[int] = Counter()
        self.failures: list[str] = []

    def good(self, chance: random.Random) -> None:
        ask = self.service
        body, kind = form([(str(i), f"{i}.png", FACE) for i in range(chance.randint(1, 8))])
        infer = {
            "inputs": [
                {"name": "faces", "datatype": "UINT8", "shape": [1, 48, 48], "data": [9] * 2304}
            ]
        }
        answer = chance.choice(
            (
                lambda: ask.post_picture("/v1/predict", PICTURE),
                lambda: ask.post_picture("/v1/predict?explain=true&annotate=true", PICTURE),
                lambda: ask.post_picture("/v1/predict?detector=none&tta=flip", FACE),
                lambda: ask.ask("POST", "/v1/crops", body, {"Content-Type": kind}),
                lambda: ask.post_json("/v2/models/nano/infer", infer),
                lambda: ask.post_json("/analyze", {"img": as_base64(FACE), "actions": ["emotion"]}),
                lambda: ask.ask("GET", "/metrics"),
                lambda: ask.ask("GET", "/"),
            )
        )()
        self.statuses[answer.status] += 1

    def bad(self, chance: random.Random) -> None:
        head = b"POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
        sent = chance.choice(
            (
                head,
                head + b"Content-Length: 1000\r\n\r\nabc",
                head + b"Content-Length: 99999999\r\n\r\n",
                head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
                head + b"Content-Length: %d\r\n\r\n" % len(PICTURE) + PICTURE,
                b"\0" * 1000,
                b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 5000,
            )
        )
        with contextlib.suppress(OSError), self.service.raw(sent):
            time.sleep(chance.random() * 0.2)

    def stream(self, chance: random.Random) -> None:
        with contextlib.suppress(OSError, EOFError), WebSocket(
            self.service, "/v1/stream"
        ) as stream:
            if stream.status != 101:
                return
            for _ in range(chance.randint(1, 30)):
                stream.send(FACE)
                if chance.random() < 0.8:
                    stream.receive()

    def run(self, work, seed: int) -> None:
        chance = random.Random(seed)
        while time.monotonic() < self.end:
            try:
                work(chance)
            except Exception as error:  # noqa: BLE001
                self.failures.append(f"{work.__name__}: {error!r}")

    def start(self) -> list[threading.Thread]:
        works = [self.good] * 6 + [self.bad] * 3 + [self.stream] * 2
        threads = [
            threading.Thread(target=self.run, args=(work, seed), daemon=True)
            for seed, work in enumerate(works)
        ]
        for thread in threads:
            thread.start()
        return threads


def main() -> int:
    programs = pathlib.Path(sys.argv[1]).resolve()
    minutes = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    with Service(programs, "--model", "nano", "--threads", "2", "--header-timeout", "2") as service:
        soak = Soak(service, 60 * minutes)
        begin = time.monotonic()
        files = service.metrics()["process_open_fds"]
        threads = soak.start()
        memory = []
        while time.monotonic() < soak.end:
            time.sleep(min(60.0, 6 * minutes))
            service.kill(signal.SIGHUP)
            metrics = service.metrics()
            memory.append((time.monotonic() - begin, metrics["process_resident_memory_bytes"]))
            print(
                f"{memory[-1][0]:6.0f} s  {memory[-1][1] / 1e6:7.1f} MB  {metrics['process_open_fds']:.0f} files  "
                f"{dict(soak.statuses)}",
                flush=True,
            )
        for thread in threads:
            thread.join(60)
        time.sleep(5)
        left = service.metrics()["process_open_fds"] - files
        settled = [size for at, size in memory if at > 12 * minutes] or [memory[-1][1]]
        growth = settled[-1] - settled[0]
        wrong = soak.failures[:10]
        if growth > max(0.1 * settled[0], 30e6):
            wrong.append(f"memory rose by {growth / 1e6:.1f} MB")
        if left > 20:
            wrong.append(f"{left:.0f} files stay open")
        if set(soak.statuses) - DUE:
            wrong.append(f"statuses {dict(soak.statuses)}")
        if service.end() != 0:
            wrong.append("it did not end well")
    print(
        "\n".join(wrong)
        or f"flat: {growth / 1e6:+.1f} MB, {left:+.0f} files, {dict(soak.statuses)}"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
