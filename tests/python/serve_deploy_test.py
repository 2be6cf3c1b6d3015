"""deploy/ as users take it: Debian's nginx before a live fer-serve, and the systemd unit.

serve_deploy_test.py PROGRAMS: the folder of fer-serve. Of deploy/nginx.conf only ports and paths are others here;
the certificate is made for the test. A part whose program is missing (nginx and openssl, systemd-analyze) is skipped.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections import Counter

from serve_support import PACE, PATIENCE, ROOT, SCENE, Answer, Service, WebSocket, form

PROGRAMS = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 else "build/predict/bin").resolve()
DEPLOY = ROOT / "deploy"
SYSTEM = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))
NGINX, OPENSSL = shutil.which("nginx", path=SYSTEM), shutil.which("openssl")
ANALYZE = shutil.which("systemd-analyze")
FRAME = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 256; }}
http {{
  client_body_temp_path {folder}/bodies;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  include {folder}/site.conf;
}}
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def certificate(folder: pathlib.Path) -> None:
    words = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    files = ["-keyout", folder / "own.key", "-out", folder / "own.pem"]
    subprocess.run([OPENSSL, *words.split(), *files], check=True, capture_output=True)


def site(folder: pathlib.Path, port: int, upstream: int) -> str:
    """deploy/nginx.conf with these ports, and all its files in the folder."""
    text = (DEPLOY / "nginx.conf").read_text()
    for pattern, new, count in (
        (r"server 127\.0\.0\.1:8420;", f"server 127.0.0.1:{upstream};", 1),
        (r"listen 443", f"listen 127.0.0.1:{port}", 1),
        (r"  listen \[::\]:443.*\n", "", 1),
        (r"/etc/ssl/faces\.example\.org", f"{folder}/own", 2),
        (r"/var/log/nginx/fer\.log", f"{folder}/access.log", 1),
    ):
        text, found = re.subn(pattern, new, text)
        assert found == count, f"{pattern} is {found} times in deploy/nginx.conf, not {count}"
    return text


class Nginx:
    """Before a service; speaks of itself as host and port, as Service does."""

    host = "127.0.0.1"

    def __init__(self, folder: pathlib.Path, service: Service) -> None:
        self.folder, self.port = folder, free_port()
        certificate(folder)
        (folder / "site.conf").write_text(site(folder, self.port, service.port))
        user = "user root;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(FRAME.format(user=user, folder=folder))
        words = [NGINX, "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"]
        checked = subprocess.run([*words, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0 and "warn" not in checked.stderr, checked.stderr
        self.told = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=self.told)
        self.tls = ssl.create_default_context(cafile=folder / "own.pem")
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection((self.host, self.port)):
                return
            assert self.process.poll() is None and time.monotonic() < deadline, self.words()
            time.sleep(0.05)

    def words(self) -> str:
        self.told.seek(0)
        return self.told.read()

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.told.close()

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPSConnection(
            self.host, self.port, timeout=PATIENCE, context=self.tls
        )
        with contextlib.closing(connection):
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            return Answer(connection.getresponse())


@unittest.skipUnless(NGINX and OPENSSL, "nginx or openssl is not installed")
class BehindNginx(unittest.TestCase):
    def setUp(self) -> None:
        self.scene = SCENE.read_bytes()
        words = ("--model", "nano", "--threads", "1", "--queue", "2", "--streams", "1")
        self.folder = self.enterContext(tempfile.TemporaryDirectory())
        self.service = self.enterContext(Service(PROGRAMS, *words))
        self.nginx = Nginx(pathlib.Path(self.folder), self.service)
        self.addCleanup(self.nginx.end)

    def test_pictures_go_through_tls_and_leave_no_trace(self) -> None:
        self.assertEqual(self.nginx.ask("GET", "/v2/health/ready").status, 200)
        query = "/v1/predict?detector=none"
        through = self.nginx.ask("POST", query, self.scene, Content_Type="image/png")
        direct = self.service.post_picture(query, self.scene)
        self.assertEqual((through.status, through.body), (200, direct.body))
        large = self.scene + bytes(9_000_000 - len(self.scene))  # more than nginx keeps by default
        answer = self.nginx.ask("POST", query, large, Content_Type="image/png")
        self.assertEqual(answer.status, 200)
        self.assertNotIn("buffered to a temporary file", self.nginx.words())
        left = [
            path.name
            for part in ("bodies", "proxy")
            for path in pathlib.Path(self.folder, part).rglob("*")
            if path.is_file()
        ]
        self.assertEqual(left, [])
        self.assertEqual(self.nginx.ask("GET", "/metrics").status, 200)
        page = self.nginx.ask("GET", "/")
        self.assertIn("Content-Security-Policy", page.headers)

    def test_it_speaks_tls_alone(self) -> None:
        with socket.create_connection((self.nginx.host, self.nginx.port)) as connection:
            with self.nginx.tls.wrap_socket(connection, server_hostname=self.nginx.host) as secret:
                self.assertEqual(secret.version(), "TLSv1.3")
        plain = http.client.HTTPConnection(self.nginx.host, self.nginx.port, timeout=PATIENCE)
        with contextlib.closing(plain):
            plain.request("GET", "/")
            self.assertEqual(plain.getresponse().status, 400)

    def test_bodies_are_bounded_by_both(self) -> None:
        """nginx refuses 10 MiB at once; fer-serve has the last word on what is below."""
        by_nginx = self.nginx.ask(
            "POST", "/v1/predict", bytes(10 * 2**20 + 1), Content_Type="image/png"
        )
        self.assertEqual((by_nginx.status, by_nginx.type), (413, "text/html"))
        by_us = self.nginx.ask("POST", "/v1/predict", bytes(10_200_000), Content_Type="image/png")
        self.assertEqual((by_us.status, by_us.type), (413, "application/problem+json"))

    def test_streams_go_through_and_their_refusal_says_when_to_come_again(self) -> None:
        own = f"https://{self.nginx.host}:{self.nginx.port}"
        with WebSocket(
            self.nginx, "/v1/stream?detector=none", self.nginx.tls, Origin=own
        ) as stream:
            self.assertEqual(stream.status, 101)
            for _ in range(3):
                stream.send(self.scene)
                self.assertEqual(len(stream.receive_json()["faces"]), 1)
            key = {"Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec_WebSocket_Version": "13"}
            second = self.nginx.ask(
                "GET", "/v1/stream", Connection="Upgrade", Upgrade="websocket", **key
            )
            self.assertEqual((second.status, second.headers["Retry-After"]), (503, "10"))
        with WebSocket(
            self.nginx, "/v1/stream", self.nginx.tls, Origin="https://elsewhere.example"
        ) as other:
            self.assertEqual(other.status, 403)

    def test_a_full_queue_is_passed_on_with_retry_after(self) -> None:
        pictures = max(2, round(20 / PACE))  # what takes about as long at every pace
        body, kind = form([(str(i), f"{i}.png", self.scene) for i in range(pictures)])
        answers = []
        clients = [
            threading.Thread(
                target=lambda: answers.append(
                    self.nginx.ask("POST", "/v1/predict", body, Content_Type=kind)
                )
            )
            for _ in range(8)
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        statuses = Counter(answer.status for answer in answers)
        self.assertEqual(set(statuses), {200, 503}, statuses)
        for answer in answers:
            if answer.status == 503:
                self.assertGreaterEqual(int(answer.headers["Retry-After"]), 1)
                self.assertEqual(answer.type, "application/problem+json")

    def test_a_client_that_asks_too_often_is_told(self) -> None:
        statuses = Counter(self.nginx.ask("GET", "/v2/health/live").status for _ in range(200))
        self.assertEqual(set(statuses), {200, 429}, statuses)

    def test_without_the_service_it_says_so(self) -> None:
        self.assertEqual(self.service.end(), 0)
        self.assertEqual(self.nginx.ask("GET", "/v2/health/ready").status, 502)


@unittest.skipUnless(ANALYZE, "systemd-analyze is not installed")
class Unit(unittest.TestCase):
    def analyze(self, *words: str) -> subprocess.CompletedProcess:
        with tempfile.TemporaryDirectory() as folder:
            unit = pathlib.Path(folder, "fer-serve.service")
            text = (DEPLOY / unit.name).read_text()
            unit.write_text(text.replace("/usr/local/bin/fer-serve", str(PROGRAMS / "fer-serve")))
            return subprocess.run([ANALYZE, *words, unit], capture_output=True, text=True)

    def test_systemd_understands_all_of_it(self) -> None:
        done = self.analyze("verify")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_little_is_exposed(self) -> None:
        done = self.analyze("security", "--offline=true")
        if "unrecognized option" in done.stderr:
            self.skipTest("this systemd-analyze looks at running units alone")
        level = re.search(r"exposure level for fer-serve.service: ([0-9.]+)", done.stdout)
        self.assertIsNotNone(level, done.stderr)
        self.assertLessEqual(float(level.group(1)), 1.5)

    def test_what_it_starts_is_a_command_line_that_is_understood(self) -> None:
        text = (DEPLOY / "fer-serve.service").read_text()
        for line in re.findall(r"^#?ExecStart=(\S+fer-serve .*)$", text, re.MULTILINE):
            words = line.replace("${CREDENTIALS_DIRECTORY}", "/run/none").split()[1:]
            done = subprocess.run(
                [PROGRAMS / "fer-serve", *words, "--port", "0", "--model", "no-such-model"],
                capture_output=True,
                text=True,
                timeout=PATIENCE,
            )
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertRegex(done.stderr, "no-such-model|/run/none/token")


if __name__ == "__main__":
    if not (NGINX and OPENSSL):
        print("skipped: nginx before fer-serve, which needs nginx and openssl")
    if not ANALYZE:
        print("skipped: the systemd unit, which needs systemd-analyze")
    unittest.main()
