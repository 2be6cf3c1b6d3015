"""A service under load: 64 connections that send a photo of one face, again and again."""

from __future__ import annotations

import contextlib
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import inputs
from measure import Benchmark, BenchmarkError, CannotRun, Contender, Metric, NothingToMeasure
from measure import Settings, last_json, run_process

CONNECTIONS = 64
REQUESTS = 4_000
QUICK_REQUESTS = 300
PATIENCE = 60.0  # seconds until a service listens
LOAD = pathlib.Path(__file__).with_name("serve_load.py")
PEER = pathlib.Path(__file__).with_name("serve_peer.py")
MODEL = "nano"


def shared(*parts: str) -> pathlib.Path:
    """A file of FER_SHARED, or of ../shared.

    Raises:
        NothingToMeasure: it is not there.
    """
    path = pathlib.Path(os.environ.get("FER_SHARED", "../shared"), *parts)
    if not path.exists():
        raise NothingToMeasure(f"needs {path}")
    return path


def exported(settings: Settings) -> pathlib.Path:
    """The model for ONNX Runtime, normalisation and softmax included."""
    target = inputs.CACHE / f"{MODEL}-service.onnx"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)  # an older one may be of another model
    run_process([f"{settings.programs}/fer-model", "export", MODEL, "--output", str(target)])
    return target


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command: list[str], port: int) -> Iterator[subprocess.Popen]:
    """A service, from when it listens.

    Raises:
        CannotRun: it ends, or does not listen.
    """
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        deadline = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise CannotRun(f"{command[:2]}: {process.stderr.read().decode()[-500:]}")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()


def resident_mebibytes(pid: int) -> float:
    """Of the process and those that it started."""
    folder = pathlib.Path(f"/proc/{pid}")
    most = int(re.search(r"VmHWM:\s+(\d+) kB", (folder / "status").read_text()).group(1)) / 1024
    children = (folder / "task" / str(pid) / "children").read_text().split()
    return most + sum(map(resident_mebibytes, map(int, children)))


def load(settings: Settings, command: list[str], port: int, path: str) -> dict[str, Any]:
    requests = QUICK_REQUESTS if settings.quick else REQUESTS
    photo = shared("data", "photos", "one_face_480p.jpg")
    with running(command, port) as process:
        url = f"http://127.0.0.1:{port}{path}"
        words = [sys.executable, str(LOAD), url, str(photo), str(requests), str(CONNECTIONS)]
        result = last_json(run_process(words))
        result["peak_mebibytes"] = resident_mebibytes(process.pid)
    if result["refused"]:
        raise BenchmarkError(f"{command[0]} refused requests: {result['statuses']}")
    return result


def serve_ours(settings: Settings, precision: str) -> dict[str, Any]:
    port = free_port()
    command = [
        f"{settings.programs}/fer-serve",
        *("--port", str(port)),
        *("--model", MODEL),
        *("--detector", "yunet", "--detector-model", str(shared("models", "yunet_n_320_320.onnx"))),
        *("--threads", str(settings.threads)),
        *("--precision", precision),
        *("--log-format", "none", "--quiet"),
    ]
    return load(settings, command, port, "/v1/predict")


def serve_peer(settings: Settings, kind: str) -> dict[str, Any]:
    port = free_port()
    detector = shared("models", "yunet_n_320_320.onnx")
    words = (PEER, exported(settings), detector, port, settings.threads, kind)
    return load(settings, [sys.executable, *map(str, words)], port, "/predict")


def predict_folder(settings: Settings) -> dict[str, Any]:
    """fer-predict with a folder of as many copies of the photo."""
    count = QUICK_REQUESTS if settings.quick else REQUESTS
    photo = shared("data", "photos", "one_face_480p.jpg")
    folder = inputs.CACHE / f"photos-{count}"
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        copy = folder / f"{number:05}.jpg"
        if not copy.exists():
            shutil.copy(photo, copy)
    run = run_process(
        [
            f"{settings.programs}/fer-predict",
            str(folder),
            *("--model", MODEL),
            *("--detector", "yunet"),
            *("--detector-model", str(shared("models", "yunet_n_320_320.onnx"))),
            *("--format", "jsonl"),
            *("--threads", str(settings.threads)),
        ]
    )
    lines = run.stdout.splitlines()
    faces = json.loads(lines[0])["faces"]
    return {
        "pictures_per_second": len(lines) / run.wall_seconds,
        "peak_mebibytes": run.peak_mebibytes,
        "faces": len(faces),
        "first_label": faces[0]["label"],
    }


def benchmark(settings: Settings) -> Benchmark:
    if not pathlib.Path(settings.programs, "fer-serve").exists():
        raise NothingToMeasure("needs fer-serve, which was not built")
    return Benchmark(
        name="serve",
        title=f"A service, {CONNECTIONS} connections, photos of one face, {settings.threads} threads",
        contenders=(
            Contender("fer-serve", lambda: serve_ours(settings, "float32"), role="ours"),
            Contender(
                "fer-serve, --precision auto",
                lambda: serve_ours(settings, "auto"),
                role="beside",
            ),
            Contender("fer-predict, a folder", lambda: predict_folder(settings), role="beside"),
            *(
                Contender(
                    f"FastAPI + ONNX Runtime, {name}",
                    lambda kind=kind: serve_peer(settings, kind),
                    family="FastAPI + ONNX Runtime",
                    needs=("fastapi", "uvicorn", "cv2", inputs.MODULES["onnxruntime"]),
                )
                for kind, name in (
                    ("in-turn", "one picture after another"),
                    ("threads", "on threads"),
                    ("workers", "a process a core"),
                )
            ),
        ),
        metrics=(
            Metric("pictures_per_second", "pictures a second", True, decimals=1),
            Metric("median_ms", "median, milliseconds", False, decimals=1),
            Metric("p99_ms", "99th percentile, milliseconds", False, decimals=1),
            Metric("peak_mebibytes", "most resident memory, MiB", False, decimals=0),
        ),
        same=("faces", "first_label"),
        rounds=5,
    )
