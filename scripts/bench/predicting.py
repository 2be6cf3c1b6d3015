"""One process that names the expressions on a crop or a folder of crops: ours, or a peer's."""

from __future__ import annotations

import csv
import pathlib
import sys
from collections.abc import Sequence
from typing import Any

from inputs import PeerModel
from measure import BenchmarkError, Settings, run_process

PEER = pathlib.Path(__file__).with_name("predict_peer.py")


def predict_ours(settings: Settings, model: PeerModel, source: pathlib.Path) -> dict[str, Any]:
    return predict(
        [
            f"{settings.programs}/fer-predict",
            str(source),
            *("--model", model.file),
            *("--detector", "none"),
            *("--format", "csv"),
            *("--threads", str(settings.threads)),
        ]
    )


def predict_peer(
    settings: Settings, model: PeerModel, source: pathlib.Path, runtime: str
) -> dict[str, Any]:
    words = (PEER, runtime, model.file, model.onnx, settings.threads, source)
    return predict([sys.executable, *map(str, words)])


def predict(command: Sequence[str]) -> dict[str, Any]:
    """Runs it; it prints a CSV with the columns `source` and `label`, a row a face."""
    run = run_process(command)
    rows = list(csv.DictReader(run.stdout.splitlines()))
    if not rows:
        raise BenchmarkError(f"{command[0]} printed no prediction")
    first = min(rows, key=lambda row: row["source"])
    return {
        "seconds": run.wall_seconds,
        "peak_mebibytes": run.peak_mebibytes,
        "faces": len(rows),
        "first_label": first["label"],
    }
