"""Starts fer-serve, and speaks to it as clients do: well-behaved ones, and others."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import os
import pathlib
import re
import secrets
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENE = ROOT / "docs" / "images" / "synthetic-faces.png"
PACE = float(
    os.environ.get("SERVE_PACE", "1")
)  # how many times slower all may be, under a sanitizer
PATIENCE = 60.0 * PACE  # seconds for what should take none


class Service:
    """A running fer-serve; ends with the block that it was started in."""

    def __init__(self, programs: pathlib.Path, *words: str, **environment: str) -> None:
        self.out = tempfile.TemporaryFile("w+")
        self.notices: list[str] = []
        self._heard = threading.Condition()
        self.process = subprocess.Popen(
            [programs / "fer-serve", "--port", "0", *words],
            stdin=subprocess.DEVNULL,
            stdout=self.out,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, **environment},
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        line = self.wait_for(r"listening on http://(.*):(\d+)")
        self.port = int(line.group(2))
        self.host = line.group(1).strip("[]")

    def _listen(self) -> None:
        for line in self.process.stderr:
            with self._heard:
                self.notices.append(line.rstrip("\n"))
                self._heard.notify_all()
        with self._heard:
            self.notices.append("(end)")
            self._heard.notify_all()

    def wait_for(self, pattern: str, times: int = 1) -> re.Match:
        """Waits until so many notices match; returns the last one's match."""
        deadline = time.monotonic() + PATIENCE
        with self._heard:
            while True:
                found = [m for n in self.notices if (m := re.search(pattern, n))]
                if len(found) >= times:
                    return found[-1]
                if self.notices and self.notices[-1] == "(end)" or time.monotonic() > deadline:
                    raise AssertionError(f"no notice {pattern!r} in {self.notices}")
                self._heard.wait(timeout=1.0)

    def kill(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.kill(number)
        return self.process.wait(timeout=PATIENCE)

    def access_log(self) -> list[str]:
        self.out.seek(0)
        return self.out.read().splitlines()

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.out.close()
        self._listener.join()
        self.process.stderr.close()
        found = [n for n in self.notices if "Sanitizer:" in n or "runtime error:" in n]
        if found:
            raise AssertionError("\n".join(self.notices))

    # Requests.

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        with contextlib.closing(self.connection()) as connection:
            connection.request(method, path, body, dict(headers or {}))
            return Answer(connection.getresponse())

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)

    def post_json(self, path: str, value: object, **headers: str) -> Answer:
        return self.ask(
            "POST",
            path,
            json.dumps(value).encode(),
            {"Content-Type": "application/json", **headers},
        )

    def post_picture(
        self, path: str, picture: bytes, kind: str = "image/png", **headers: str
    ) -> Answer:
        return self.ask("POST", path, picture, {"Content-Type": kind, **headers})

    @contextlib.contextmanager
    def raw(self, sent: bytes = b"") -> Iterator[socket.socket]:
        with socket.create_connection((self.host, self.port), timeout=PATIENCE) as connection:
            if sent:
                connection.sendall(sent)
            yield connection

    def metrics(self) -> dict[str, float]:
        text = self.ask("GET", "/metrics").body.decode()
        lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
        return {name: float(value) for name, value in lines}


class Answer:
    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def type(self) -> str:
        return self.headers.get_content_type()

    def json(self) -> object:
        return json.loads(self.body)


def status_of(connection: socket.socket) -> int:
    """The status of the next answer on a raw connection; 0 where it is closed without one."""
    text = b""
    while b"\r\n" not in text:
        try:
            got = connection.recv(4096)
        except ConnectionResetError:
            return 0
        if not got:
            return 0
        text += got
    return int(text.split(b" ", 2)[1])


def form(parts: list[tuple[str, str | None, bytes]]) -> tuple[bytes, str]:
    """Name, file name or None, and content of each -> the body and its content type."""
    boundary = secrets.token_hex(12)
    body = b""
    for name, filename, content in parts:
        file = "" if filename is None else f'; filename="{filename}"'
        body += (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode()
        )
        body += content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def as_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


class WebSocket:
    """RFC 6455, as far as these tests need it."""

    TEXT, BINARY, CLOSE = 1, 2, 8

    def __init__(
        self, service: Service, path: str, tls: ssl.SSLContext | None = None, **headers: str
    ) -> None:
        self.socket = socket.create_connection((service.host, service.port), timeout=PATIENCE)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname=service.host)
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {service.host}:{service.port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {base64.b64encode(secrets.token_bytes(16)).decode()}",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
        ]
        self.socket.sendall("\r\n".join([*lines, "", ""]).encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            got = self.socket.recv(4096)
            if not got:
                break
            self.buffer += got
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        self.status = int(head.split(b" ", 2)[1])

    def send(self, content: bytes | str) -> None:
        data = content.encode() if isinstance(content, str) else content
        kind = self.TEXT if isinstance(content, str) else self.BINARY
        mask = secrets.token_bytes(4)
        size = len(data)
        if size < 126:
            head = struct.pack("!BB", 0x80 | kind, 0x80 | size)
        elif size < 65536:
            head = struct.pack("!BBH", 0x80 | kind, 0x80 | 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 0x80 | 127, size)
        whole = mask * (size // 4 + 1)
        masked = (int.from_bytes(data, "big") ^ int.from_bytes(whole[:size], "big")).to_bytes(
            size, "big"
        )
        self.socket.sendall(head + mask + masked)

    def _take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            got = self.socket.recv(65536)
            if not got:
                raise EOFError
            self.buffer += got
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def receive(self) -> tuple[int, bytes]:
        """The kind of the next message, and its content."""
        first, size = self._take(2)
        if size == 126:
            (size,) = struct.unpack("!H", self._take(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._take(8))
        return first & 15, self._take(size)

    def receive_json(self) -> dict:
        kind, content = self.receive()
        if kind != self.TEXT:
            raise AssertionError(f"message of kind {kind}: {content!r}")
        return json.loads(content)

    def close_code(self) -> int:
        """Reads to the end; the code that it was closed with."""
        while True:
            kind, content = self.receive()
            if kind == self.CLOSE:
                return struct.unpack("!H", content[:2])[0]

    def __enter__(self) -> WebSocket:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()
