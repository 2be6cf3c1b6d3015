"""What runs a network in Python beside us: each makes a function from faces to probabilities.

Faces are uint8 [N,48,48], probabilities float32 [N,classes]. Each runtime is set for what is
measured, one batch after another on all threads, and is told the size of the batch beforehand
where it is known. All compute in float32 but openvino_as_it_comes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    Predict = Callable[[np.ndarray], np.ndarray]


def onnxruntime(model: str, onnx: str, batch: int | None, threads: int) -> Predict:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    if batch:
        options.add_free_dimension_override_by_name("batch", batch)
    session = onnxruntime.InferenceSession(onnx, options, providers=["CPUExecutionProvider"])
    return lambda faces: session.run(None, {"faces": faces})[0]


def openvino(model: str, onnx: str, batch: int | None, threads: int) -> Predict:
    return openvino_with({"INFERENCE_PRECISION_HINT": "f32"}, onnx, batch, threads)


def openvino_as_it_comes(model: str, onnx: str, batch: int | None, threads: int) -> Predict:
    """In bfloat16 where the processor can."""
    return openvino_with({}, onnx, batch, threads)


def openvino_with(precision: dict, onnx: str, batch: int | None, threads: int) -> Predict:
    import openvino

    network = openvino.Core().read_model(onnx)
    if batch:
        network.reshape([batch, 48, 48])
    compiled = openvino.compile_model(
        network,
        "CPU",
        precision
        | {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": threads,
            "NUM_STREAMS": 1,
        },
    )
    request = compiled.create_infer_request()
    return lambda faces: request.infer([faces], share_inputs=True, share_outputs=True)[0]


def pytorch(model: str, onnx: str, batch: int | None, threads: int) -> Predict:
    import allocator
    import networks
    import torch

    allocator.keep_pages()
    torch.set_num_threads(threads)
    predictor = networks.load(model).to(memory_format=torch.channels_last)
    if isinstance(predictor.net, networks.SeedCnn):
        predictor.net.pool_first = True

    def predict(faces: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            return predictor(torch.from_numpy(faces)).numpy()

    return predict


RUNTIMES = {
    "onnxruntime": onnxruntime,
    "openvino": openvino,
    "openvino_as_it_comes": openvino_as_it_comes,
    "pytorch": pytorch,
}
