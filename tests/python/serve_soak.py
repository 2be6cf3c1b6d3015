"""Mixed load on fer-serve: good requests of every kind, streams, broken requests, clients that vanish, reloads.

soak.py holds memory, descriptors, threads and answers against what is due.
"""

from __future__ import annotations

import contextlib
import random
import signal
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

    def reload(self, chance: random.Random) -> None:
        time.sleep(min(10 * chance.random(), max(0.0, self.end - time.monotonic())))
        self.service.kill(signal.SIGHUP)

    def run(self, work, seed: int) -> None:
        chance = random.Random(seed)
        while time.monotonic() < self.end:
            try:
                work(chance)
            except Exception as error:  # noqa: BLE001
                self.failures.append(f"{work.__name__}: {error!r}")

    def start(self) -> list[threading.Thread]:
        works = [self.good] * 6 + [self.bad] * 3 + [self.stream] * 2 + [self.reload]
        threads = [
            threading.Thread(target=self.run, args=(work, seed), daemon=True)
            for seed, work in enumerate(works)
        ]
        for thread in threads:
            thread.start()
        return threads
