"""fer-serve among clients that are broken, slow, hostile or too many.

serve_faults_test.py PROGRAMS: the folder of fer-serve. After each fault the service still answers, holds no
connection and no body, and has answered what it took in. SERVE_SILENT (10000) says how many silent connections
are opened; the limit of open files (ulimit -n) bounds it. SERVE_PACE (1) is how many times slower all may be, under
a sanitizer.
"""

from __future__ import annotations

import contextlib
import os
import pathlib
import resource
import signal
import socket
import struct
import sys
import threading
import time
import unittest
import zlib
from collections import Counter

from serve_support import PACE, SCENE, Service, WebSocket, form, status_of

PROGRAMS = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/predict/bin").resolve()
SILENT = int(os.environ.get("SERVE_SILENT", "10000"))
POST = b"POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"


def post(length: object, body: bytes = b"", *more: bytes) -> bytes:
    lines = b"".join(line + b"\r\n" for line in more)
    return POST + lines + b"Content-Length: %s\r\n\r\n" % str(length).encode() + body


def png(width: int, height: int, data: bytes) -> bytes:
    """A grey PNG whose header says what it likes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + sum_

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


class FaultTest(unittest.TestCase):
    words = (
        "--model", "nano", "--threads", "2", "--max-body", "1000000", "--header-timeout", "1", "--body-timeout", "1",
        "--idle-timeout", "2",
    )  # fmt: skip

    def setUp(self) -> None:
        self.service = Service(PROGRAMS, *self.words)
        self.scene = SCENE.read_bytes()

    def tearDown(self) -> None:
        try:
            self.check_well()
            self.assertEqual(self.service.end(), 0)
        finally:
            self.service.__exit__()

    def check_well(self) -> None:
        """It answers, and holds nothing of those who went."""
        self.assertEqual(self.service.post_picture("/v1/predict", self.scene).status, 200)
        deadline = time.monotonic() + 30 * PACE
        while True:
            metrics = self.service.metrics()
            held = (
                metrics["fer_connections"],
                metrics["fer_held_body_bytes"],
                metrics["fer_queue_length"],
            )
            if held == (1, 0, 0):
                return
            self.assertLess(time.monotonic(), deadline, held)
            time.sleep(0.1)

    def answer_to(self, sent: bytes) -> int:
        with self.service.raw(sent) as raw:
            return status_of(raw)


class Requests(FaultTest):
    def test_a_body_that_is_cut_off_is_no_request(self) -> None:
        for part in (0, 1, len(self.scene) // 2, len(self.scene) - 1):
            with self.service.raw(post(len(self.scene), self.scene[:part])) as raw:
                raw.shutdown(socket.SHUT_WR)
                self.assertEqual(status_of(raw), 0)
        with self.service.raw(POST[:30]) as raw:
            raw.shutdown(socket.SHUT_WR)
            self.assertEqual(status_of(raw), 0)

    def test_wrong_lengths_are_told(self) -> None:
        for length, status in (
            ("x", 400), ("-1", 400), ("1e3", 400), ("99999999999999999999999", 400), (1000001, 413),
            (2**62, 413), ("", 400),
        ):  # fmt: skip
            with self.subTest(length):
                self.assertEqual(self.answer_to(post(length)), status)
        self.assertEqual(self.answer_to(POST + b"\r\n"), 411)
        two = post(3, b"abc", b"Content-Length: 4")
        self.assertEqual(self.answer_to(two), 400)
        both = post(3, b"0\r\n\r\n", b"Transfer-Encoding: chunked")
        self.assertEqual(self.answer_to(both), 400)

    def test_what_follows_a_short_body_is_no_part_of_it(self) -> None:
        with self.service.raw(post(5, self.scene)) as raw:
            self.assertEqual(status_of(raw), 422)

    def test_chunks_are_read_and_broken_ones_are_told(self) -> None:
        chunked = POST + b"Transfer-Encoding: chunked\r\n\r\n"
        good = b"".join(
            b"%x\r\n%s\r\n" % (len(piece), piece)
            for at in range(0, len(self.scene), 7000)
            if (piece := self.scene[at : at + 7000])
        )
        self.assertEqual(self.answer_to(chunked + good + b"0\r\n\r\n"), 200)
        for garbage in (
            b"zz\r\nabc\r\n",
            b"-5\r\nabc\r\n",
            b"5\r\nabcdefgh\r\n",
            b"ffffffffffffffffff\r\n",
        ):
            with self.subTest(garbage):
                self.assertEqual(self.answer_to(chunked + garbage + b"0\r\n\r\n"), 400)
        self.assertEqual(self.answer_to(chunked + b"1000000\r\n" + b"x" * 1_100_000), 413)
        self.assertIn(self.answer_to(chunked + b"5;" + b"x" * 200_000), (400, 431))

    def test_floods_of_headers_are_cut_short(self) -> None:
        many = b"".join(b"X-%d: y\r\n" % i for i in range(5000))
        self.assertEqual(self.answer_to(POST + many + b"\r\n"), 431)
        self.assertEqual(self.answer_to(b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n"), 431)
        self.assertEqual(
            self.answer_to(b"GET / HTTP/1.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n"), 431
        )

    def test_what_is_no_http_is_told(self) -> None:
        for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"hello\r\n\r\n", b"GET  / HTTP/1.1\r\n\r\n",
                        b"GET / HTTP/9.9\r\n\r\n", b"GET here HTTP/1.1\r\n\r\n", b"GET /%zz HTTP/1.1\r\n\r\n"):  # fmt: skip
            with self.subTest(garbage):
                self.assertIn(self.answer_to(garbage), (400, 505))

    def test_a_client_that_dawdles_is_told_and_holds_no_worker(self) -> None:
        slow = [self.service.raw(post(len(self.scene), self.scene[:1000])) for _ in range(20)]
        slow += [self.service.raw(POST[:20]) for _ in range(20)]
        connections = [one.__enter__() for one in slow]
        start = time.monotonic()
        self.assertEqual(self.service.post_picture("/v1/predict", self.scene).status, 200)
        self.assertLess(time.monotonic() - start, 10 * PACE)
        self.assertEqual({status_of(one) for one in connections}, {408})
        for one in slow:
            one.__exit__(None, None, None)

    def test_a_client_that_drips_is_told_at_the_same_time(self) -> None:
        with self.service.raw(post(len(self.scene))) as raw:
            start = time.monotonic()
            status = None
            raw.settimeout(0.1)
            for byte in self.scene:
                try:
                    raw.sendall(bytes([byte]))
                    status = status_of(raw)
                    break
                except TimeoutError:
                    continue
                except (BrokenPipeError, ConnectionResetError):
                    break
            self.assertEqual(status, 408)
            self.assertLess(time.monotonic() - start, 10 * PACE)

    def test_clients_that_vanish_make_no_work(self) -> None:
        body, kind = form([(str(i), f"{i}.png", self.scene) for i in range(10)])
        head = f"POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        before = self.service.metrics()['fer_stage_seconds_count{stage="detect"}']
        for _ in range(20):
            with self.service.raw(head.encode() + body):
                pass
        self.check_well()
        after = self.service.metrics()['fer_stage_seconds_count{stage="detect"}']
        self.assertLess(after - before, 20 * 10 / 2)

    def test_pictures_that_deceive_are_refused_and_leave_no_trace(self) -> None:
        for picture in (
            png(100_000, 100_000, b""),
            png(2**31 - 1, 2**31 - 1, b""),
            png(0, 0, b""),
            png(5001, 5000, b"\0" * 5000),
            png(4000, 4000, b"\0" * 100),
            self.scene[: len(self.scene) // 2],
            b"\xff\xd8\xff\xe0" + b"\0" * 100,
            b"GIF89a\xff\xff\xff\xff\x80\x00\x00",
            b"RIFF\xff\xff\xff\xffWEBPVP8 ",
            b"",
        ):
            with self.subTest(picture[:30]):
                before = self.service.metrics()["process_resident_memory_bytes"]
                answer = self.service.post_picture("/v1/predict", picture)
                self.assertEqual((answer.status, answer.type), (422, "application/problem+json"))
                self.assertNotIn(str(PROGRAMS), answer.body.decode())
                after = self.service.metrics()["process_resident_memory_bytes"]
                if PACE == 1:  # a sanitizer keeps what was freed
                    self.assertLess(after - before, 150e6)

    def test_forms_and_json_that_are_broken_are_told(self) -> None:
        def sent(body: bytes, kind: str) -> int:
            return self.service.ask("POST", "/v1/predict", body, {"Content-Type": kind}).status

        good, kind = form([("a", "a.png", self.scene)])
        for cut in range(0, len(good) - 4, max(1, len(good) // 200)):
            self.assertEqual(sent(good[:cut], kind), 400, cut)
        self.assertEqual(sent(good, "multipart/form-data"), 400)
        self.assertEqual(sent(good, "multipart/form-data; boundary=" + "x" * 100), 400)
        many, kind = form([(str(i), f"{i}.png", b"x") for i in range(65)])
        self.assertEqual(sent(many, kind), 413)
        for text in (
            b"",
            b"[",
            b"nul",
            b'{"pictures": ' + b"[" * 400_000,
            b'{"picture": "\xff\xfe"}',
            b'"' + b"a" * 900_000,
        ):
            self.assertEqual(sent(text, "application/json"), 400, text[:20])
        self.assertEqual(
            sent(b'{"pictures": [' + b"[]," * 300_000 + b"[]]}", "application/json"), 413
        )

    def test_streams_that_break_are_ended(self) -> None:
        for sent in (
            b"\xff" * 100,
            b"\x81",
            b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xff" + b"\0" * 100,
        ):
            with WebSocket(self.service, "/v1/stream") as stream:
                stream.socket.sendall(sent)
                if sent == b"\x81":
                    continue  # and gone
                try:
                    self.assertIn(stream.close_code(), (1002, 1009))
                except (EOFError, ConnectionResetError):
                    pass
        with WebSocket(self.service, "/v1/stream") as stream:
            for _ in range(50):
                stream.send(self.scene)  # and never reads an answer


def many_files() -> int:
    """How many connections this process may have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return most - 200


class Silence(FaultTest):
    words = ("--model", "nano", "--threads", "2", "--header-timeout", "60", "--connections", "500")

    def silent(self, count: int) -> list[socket.socket]:
        """So many connections that say nothing; others are answered all the while."""
        silent = []
        for number in range(count):
            place = (self.service.host, self.service.port)
            silent.append(socket.create_connection(place, timeout=30))
            if number % 1000 == 999:
                self.assertEqual(self.service.post_picture("/v1/predict", self.scene).status, 200)
        return silent

    def test_silent_connections_lock_nobody_out(self) -> None:
        silent = self.silent(min(SILENT, many_files()))
        metrics = self.service.metrics()
        self.assertLessEqual(metrics["fer_connections"], 500)
        self.assertGreaterEqual(metrics["fer_connections_refused_total"], len(silent) - 500)
        for connection in silent:
            connection.close()

    def test_clients_that_drip_headers_lock_nobody_out(self) -> None:
        slow = []
        ended = threading.Event()

        def drip() -> None:
            while not ended.wait(0.1):
                for connection in tuple(slow):
                    with contextlib.suppress(OSError):
                        connection.send(b"X: y\r\n")

        dripping = threading.Thread(target=drip)
        dripping.start()
        try:
            for _ in range(600):
                place = (self.service.host, self.service.port)
                slow.append(socket.create_connection(place, timeout=30))
                slow[-1].send(POST)
            for _ in range(10):
                self.assertEqual(self.service.post_picture("/v1/predict", self.scene).status, 200)
        finally:
            ended.set()
            dripping.join()
            for connection in slow:
                connection.close()


class ManyConnections(FaultTest):
    words = (
        "--model",
        "nano",
        "--threads",
        "2",
        "--header-timeout",
        "60",
        "--connections",
        str(SILENT + 100),
    )

    @unittest.skipIf(many_files() < SILENT, "this process may open too few files (ulimit -n)")
    def test_silent_connections_are_held_and_cost_little(self) -> None:
        before = self.service.metrics()["process_resident_memory_bytes"]
        silent = []
        for _ in range(SILENT):
            place = (self.service.host, self.service.port)
            silent.append(socket.create_connection(place, timeout=30))
        start = time.monotonic()
        metrics = self.service.metrics()
        self.assertEqual(metrics["fer_connections"], SILENT + 1)
        self.assertEqual(metrics["fer_connections_refused_total"], 0)
        self.assertEqual(self.service.post_picture("/v1/predict", self.scene).status, 200)
        self.assertLess(time.monotonic() - start, 5 * PACE)
        if PACE == 1:
            self.assertLess((metrics["process_resident_memory_bytes"] - before) / SILENT, 8000)
        for connection in silent:
            connection.close()


class Crowds(unittest.TestCase):
    def test_beyond_the_queue_each_is_told_at_once_and_the_others_are_answered(self) -> None:
        scene = SCENE.read_bytes()
        body, kind = form([(str(i), f"{i}.png", scene) for i in range(8)])
        most = 30 * PACE
        words = ("--threads", "1", "--queue", "4", "--timeout", str(most))
        with Service(PROGRAMS, *words) as service:
            answers: list = []

            def ask() -> None:
                start = time.monotonic()
                answer = service.ask("POST", "/v1/predict", body, {"Content-Type": kind})
                answers.append((answer, time.monotonic() - start))

            clients = [threading.Thread(target=ask) for _ in range(24)]
            for client in clients:
                client.start()
            start = time.monotonic()
            self.assertEqual(service.ask("GET", "/v2/health/ready").status, 200)
            self.assertLess(time.monotonic() - start, 2 * PACE)
            for client in clients:
                client.join()
            statuses = Counter(answer.status for answer, _ in answers)
            self.assertEqual(set(statuses), {200, 503})
            self.assertGreaterEqual(statuses[200], 4)
            for answer, _ in answers:
                if answer.status == 503:
                    self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
                else:
                    self.assertEqual(len(answer.json()["results"]), 8)
            slowest_refusal = max(seconds for answer, seconds in answers if answer.status == 503)
            slowest = max(seconds for answer, seconds in answers if answer.status == 200)
            self.assertLess(slowest_refusal, min(slowest, 2 * PACE))
            self.assertLess(slowest, most)
            self.assertEqual(service.end(), 0)

    def test_an_answer_that_takes_too_long_is_503_and_its_work_is_dropped(self) -> None:
        scene = SCENE.read_bytes()
        body, kind = form([(str(i), f"{i}.png", scene) for i in range(64)])
        with Service(PROGRAMS, "--threads", "1", "--timeout", "0.2") as service:
            answer = service.ask("POST", "/v1/predict", body, {"Content-Type": kind})
            self.assertEqual((answer.status, answer.type), (503, "application/problem+json"))
            self.assertIn("0.2 s", answer.body.decode())
            while service.metrics()["fer_queue_length"] > 0:
                time.sleep(0.05)
            self.assertLess(service.metrics()['fer_stage_seconds_count{stage="detect"}'], 64)

    def test_no_request_gets_the_answer_of_another(self) -> None:
        scene = SCENE.read_bytes()
        with Service(PROGRAMS, "--threads", "2", "--batch-wait", "5") as service:
            wrong: list = []
            batches = []

            def ask(number: int) -> None:
                faces = bytes((x * (number + 1)) % 256 for x in range(2304))
                rows = {"inputs": [{"name": "faces", "datatype": "UINT8", "shape": [1, 48, 48], "data": list(faces)}],
                        "id": str(number)}  # fmt: skip
                first = None
                for _ in range(20):
                    answer = service.post_json("/v2/models/nano/infer", rows).json()
                    first = first or answer
                    if answer != first or answer["id"] != str(number):
                        wrong.append(answer)

            clients = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
            for client in clients:
                client.start()
            for client in clients:
                client.join()
            self.assertEqual(wrong, [])
            metrics = service.metrics()
            batches = metrics["fer_batch_faces_sum"] / metrics["fer_batch_faces_count"]
            self.assertGreater(batches, 1.5)  # faces that waited went together
            self.assertEqual(service.post_picture("/v1/predict", scene).status, 200)
            self.assertEqual(service.end(), 0)

    def test_sighup_and_hostile_clients_at_the_same_time_lose_nothing(self) -> None:
        scene = SCENE.read_bytes()
        words = ("--threads", "2", "--header-timeout", "1", "--queue", "100000")
        with Service(PROGRAMS, *words) as service:
            statuses: list[int] = []
            end = time.monotonic() + 5 * PACE

            def ask() -> None:
                while time.monotonic() < end:
                    statuses.append(service.post_picture("/v1/predict", scene).status)

            def disturb() -> None:
                while time.monotonic() < end:
                    for sent in (b"GET", post(1000, b"x"), b"\0" * 1000, post(3, b"abc")):
                        with service.raw(sent):
                            pass

            clients = [threading.Thread(target=work) for work in (ask, ask, ask, disturb, disturb)]
            for client in clients:
                client.start()
            reloads = 0
            while time.monotonic() < end:
                service.kill(signal.SIGHUP)
                reloads += 1
                time.sleep(0.3)
            for client in clients:
                client.join()
            self.assertEqual(set(statuses), {200})
            self.assertGreater(len(statuses), 3)
            service.wait_for("loaded anew", 2)
            self.assertEqual(service.end(), 0)


if __name__ == "__main__":
    unittest.main()
