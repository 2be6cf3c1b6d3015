"""What a measurement was taken on and with."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import pathlib
import platform
import subprocess

PEERS = (
    "tensorflow",
    "keras",
    "torch",
    "onnxruntime",
    "openvino",
    "opencv-python-headless",
    "numpy",
    "pandas",
)
CPU_INFO = pathlib.Path("/proc/cpuinfo")


def processor() -> str:
    for line in CPU_INFO.read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def vector_extensions() -> list[str]:
    """Those of the CPU's features on which the speed of a matrix product depends."""
    words = set(CPU_INFO.read_text().split())
    known = ("avx2", "avx512f", "avx512_bf16", "amx_bf16", "asimd")
    return [name for name in known if name in words]


def has_bf16() -> bool:
    """Whether `fer-train --amp auto` takes bfloat16 (lib/fer/core/processor.cpp)."""
    return not {"avx512_bf16", "amx_bf16"}.isdisjoint(vector_extensions())


def commit() -> str:
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False
    )
    return described.stdout.strip() or "unknown"


def describe() -> dict:
    return {
        "processor": processor(),
        "extensions": vector_extensions(),
        "cores": len(os.sched_getaffinity(0)),
        "load_before": round(os.getloadavg()[0], 2),
        "system": platform.platform(),
        "date": datetime.date.today().isoformat(),
        "commit": commit(),
        "python": platform.python_version(),
        "peers": {name: version for name in PEERS if (version := version_of(name))},
    }


def version_of(package: str) -> str:
    """Empty where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


def summary(machine: dict) -> str:
    """Two lines: the machine, and what the peers are."""
    peers = ", ".join(f"{name} {version}" for name, version in machine["peers"].items())
    return (
        f"{machine['date']}, {machine['processor']} ({', '.join(machine['extensions'])}), "
        f"{machine['cores']} cores, load {machine['load_before']}, commit {machine['commit']}\n"
        f"against {peers}, Python {machine['python']}"
    )
