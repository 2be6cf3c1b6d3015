"""Inference at several batch sizes: grey levels uint8 [N,48,48] in, probabilities out. Once with all
in float32, once so with AVX2 alone, once with each in the precision that it takes by itself, and in
8-bit integers.

The peers' graphs hold normalisation and softmax, which is fastest for them. What they compute is
held against fer-eval's probabilities in every round.
"""

from __future__ import annotations

import os
import pathlib
import sys
from typing import Literal

import inputs
from measure import Benchmark, Contender, Metric, Settings, last_json, run_process

PEER = pathlib.Path(__file__).with_name("infer_peer.py")
BATCHES = (1, 16, 64, 256)
QUICK_BATCHES = (1, 16)
# Per batch size and round: short, so that all contenders run under the same conditions.
SECONDS = 0.7
QUICK_SECONDS = 0.05
# Of probabilities, for peers that compute in bfloat16 or in 8-bit integers.
ROUGH_TOLERANCE = 0.05
EIGHT_BIT_TOLERANCE = 0.1
# Computes as on a processor without AVX-512. ONNX Runtime has no such setting.
AVX2_ALONE = {
    "FER_CPU": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",  # for PyTorch and OpenVINO
    "ATEN_CPU_CAPABILITY": "avx2",
}


def seconds_of(settings: Settings) -> float:
    return QUICK_SECONDS if settings.quick else SECONDS


def batches_of(settings: Settings) -> tuple[int, ...]:
    return QUICK_BATCHES if settings.quick else BATCHES


def flatten(network: str, batch: int | str, measured: dict) -> dict[str, float]:
    return {f"{network}/{batch}/{key}": value for key, value in measured.items()}


def infer_ours(
    settings: Settings, models: list[inputs.PeerModel], precision: str, environment: dict[str, str]
) -> dict[str, float]:
    results = {}
    for model in models:
        for batch in batches_of(settings):
            command = (f"{settings.programs}/fer-bench", "infer", model.file, batch)
            words = (*command, settings.threads, seconds_of(settings), precision)
            run = run_process([str(part) for part in words], environment)
            results |= flatten(model.name, batch, last_json(run))
    return results


def infer_peer(
    settings: Settings,
    models: list[inputs.PeerModel],
    runtime: str,
    tolerance: float,
    environment: dict[str, str],
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
            ],
            environment,
        )
        result = last_json(run)
        inputs.check_difference(runtime, model, result["largest_difference"], tolerance)
        for batch, measured in result["batches"].items():
            results |= flatten(model.name, batch, measured)
    return results


def metrics(model: inputs.PeerModel, batch: int) -> tuple[Metric, Metric]:
    key, title = f"{model.name}/{batch}", f"{model.name}, batch {batch}"
    return (
        Metric(f"{key}/images_per_second", f"{title}: images a second", True, decimals=0),
        Metric(f"{key}/milliseconds_a_batch", f"{title}: milliseconds a batch", False, decimals=3),
    )


def metrics_of(settings: Settings, models: list[inputs.PeerModel]) -> list[Metric]:
    return [
        metric
        for model in models
        for batch in batches_of(settings)
        for metric in metrics(model, batch)
    ]


class Contenders:
    """Ours and the peers on the same models, all with these variables set."""

    def __init__(self, settings: Settings, variables: dict[str, str] | None = None) -> None:
        self.settings = settings
        self.environment = {**os.environ, **(variables or {})}
        self.models = [inputs.seed_cnn(settings), inputs.nano(settings)]

    def ours(self, name: str, precision: str, role: Literal["ours", "beside"]) -> Contender:
        return Contender(
            name,
            lambda: infer_ours(self.settings, self.models, precision, self.environment),
            role=role,
        )

    def peer(self, name: str, runtime: str, tolerance: float = inputs.TOLERANCE) -> Contender:
        needs = (inputs.MODULES[runtime.removesuffix("_as_it_comes")],)
        return Contender(
            name,
            lambda: infer_peer(self.settings, self.models, runtime, tolerance, self.environment),
            needs=needs,
            family=name,
        )

    def eight_bit_peer(self, family: str, runtime: str, activations: str) -> Contender:
        """One that runs what ONNX Runtime's quantisation made, with the activations it is faster with."""

        def measure() -> dict[str, float]:
            models = [inputs.in_eight_bits(self.settings, m, activations) for m in self.models]
            return infer_peer(
                self.settings, models, runtime, EIGHT_BIT_TOLERANCE, self.environment
            )

        needs = {inputs.MODULES[runtime.removesuffix("_as_it_comes")], *inputs.QUANTISER_NEEDS}
        return Contender(f"{family}, int8", measure, needs=sorted(needs), family=family)


def benchmark(settings: Settings) -> Benchmark:
    contenders = Contenders(settings)
    return Benchmark(
        name="infer",
        title=f"Inference in float32, {settings.threads} threads",
        contenders=(
            contenders.ours("fer", "float32", "ours"),
            contenders.peer("ONNX Runtime", "onnxruntime"),
            contenders.peer("OpenVINO", "openvino"),
            contenders.peer("PyTorch", "pytorch"),
        ),
        metrics=metrics_of(settings, contenders.models),
        rounds=5,
    )


def benchmark_avx2(settings: Settings) -> Benchmark:
    contenders = Contenders(settings, AVX2_ALONE)
    return Benchmark(
        name="infer-avx2",
        title=f"Inference in float32 with AVX2 alone, {settings.threads} threads",
        contenders=(
            contenders.ours("fer", "float32", "ours"),
            contenders.peer("OpenVINO", "openvino"),
            contenders.peer("PyTorch", "pytorch"),
        ),
        metrics=metrics_of(settings, contenders.models),
        rounds=5,
    )


def benchmark_as_it_comes(settings: Settings) -> Benchmark:
    contenders = Contenders(settings)
    return Benchmark(
        name="infer-auto",
        title=f"Inference in each one's own precision, {settings.threads} threads",
        contenders=(
            contenders.ours("fer, auto", "auto", "ours"),
            contenders.ours("fer, float32", "float32", "beside"),
            contenders.peer("ONNX Runtime", "onnxruntime"),
            contenders.eight_bit_peer("ONNX Runtime", "onnxruntime", "uint8"),
            contenders.peer("OpenVINO", "openvino_as_it_comes", ROUGH_TOLERANCE),
            contenders.eight_bit_peer("OpenVINO", "openvino_as_it_comes", "int8"),
        ),
        metrics=metrics_of(settings, contenders.models),
        rounds=5,
    )
