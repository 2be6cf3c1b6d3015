"""Float32 inference at several batch sizes: grey levels uint8 [N,48,48] in, probabilities out.

The peers' graphs hold normalisation and softmax, which is fastest for them. What they compute is
held against fer-eval's probabilities in every round.
"""

from __future__ import annotations

import pathlib
import sys

import inputs
from measure import Benchmark, Contender, Metric, Settings, last_json, run_process

PEER = pathlib.Path(__file__).with_name("infer_peer.py")
BATCHES = (1, 16, 64, 256)
QUICK_BATCHES = (1, 16)
# For a batch size in each round: short, so that all contenders meet the same machine.
SECONDS = 0.7
QUICK_SECONDS = 0.05


def seconds_of(settings: Settings) -> float:
    return QUICK_SECONDS if settings.quick else SECONDS


def batches_of(settings: Settings) -> tuple[int, ...]:
    return QUICK_BATCHES if settings.quick else BATCHES


def flatten(network: str, batch: int | str, measured: dict) -> dict[str, float]:
    return {f"{network}/{batch}/{key}": value for key, value in measured.items()}


def infer_ours(settings: Settings, models: list[inputs.PeerModel]) -> dict[str, float]:
    results = {}
    for model in models:
        for batch in batches_of(settings):
            command = (f"{settings.programs}/fer-bench", "infer", model.file, batch)
            run = run_process(
                [str(part) for part in (*command, settings.threads, seconds_of(settings))]
            )
            results |= flatten(model.name, batch, last_json(run))
    return results


def infer_peer(
    settings: Settings, models: list[inputs.PeerModel], runtime: str
) -> dict[str, float]:
    results = {}
    for model in models:
        run = run_process(
            [
                sys.executable,
                str(PEER),
                *(runtime, model.file, model.onnx, model.check),
                *map(str, batches_of(settings)),
                *("--threads", str(settings.threads)),
                *("--seconds", str(seconds_of(settings))),
            ]
        )
        result = last_json(run)
        inputs.check_difference(runtime, model, result["largest_difference"])
        for batch, measured in result["batches"].items():
            results |= flatten(model.name, batch, measured)
    return results


def metrics(model: inputs.PeerModel, batch: int) -> tuple[Metric, Metric]:
    key, title = f"{model.name}/{batch}", f"{model.name}, batch {batch}"
    return (
        Metric(f"{key}/images_per_second", f"{title}: images a second", True, decimals=0),
        Metric(f"{key}/milliseconds_a_batch", f"{title}: milliseconds a batch", False, decimals=3),
    )


def benchmark(settings: Settings) -> Benchmark:
    models = [inputs.seed_cnn(settings), inputs.nano(settings)]

    def peer(name: str, runtime: str) -> Contender:
        needs = (inputs.MODULES[runtime],)
        return Contender(name, lambda: infer_peer(settings, models, runtime), needs=needs)

    return Benchmark(
        name="infer",
        title=f"Inference in float32, {settings.threads} threads",
        contenders=(
            Contender("fer", lambda: infer_ours(settings, models), role="ours"),
            peer("ONNX Runtime", "onnxruntime"),
            peer("OpenVINO", "openvino"),
            peer("PyTorch", "pytorch"),
        ),
        metrics=[
            metric
            for model in models
            for batch in batches_of(settings)
            for metric in metrics(model, batch)
        ],
        rounds=5,
    )
