"""What other toolkits make of exported models.

    python onnx_export_reference.py FOLDER

FOLDER holds faces.safetensors, with `faces` uint8 [N,48,48] and `input` float32 [N,1,48,48], and
the models, NAME.onnx. onnx's own checker looks at each of them. Beside it comes NAME.safetensors,
with what TOOLKIT says of the first COUNT faces as tensor TOOLKIT/COUNT. ONNX Runtime is needed;
OpenVINO, and OpenCV for files that take `input`, are asked where they are installed.
"""

import importlib.util
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import shape_inference
from safetensors.numpy import load_file, save_file

COUNTS = (1, 2, 64)


def check(model):
    onnx.checker.check_model(model, full_check=True)
    inferred = shape_inference.infer_shapes(
        model, check_type=True, strict_mode=True, data_prop=True
    )
    # What the file says of its values is what follows from its nodes.
    said = {value.name: value.type for value in model.graph.value_info}
    for value in inferred.graph.value_info:
        if value.name in said:
            assert value.type == said[value.name], value
    metadata = {entry.key: entry.value for entry in model.metadata_props}
    labels = json.loads(metadata["labels"])
    (output,) = model.graph.output
    assert output.type.tensor_type.shape.dim[1].dim_value == len(labels)
    assert all(value.doc_string for value in [*model.graph.input, output])
    assert metadata["licence"] and model.doc_string and model.producer_name == "fer-model"


def by_onnxruntime(path, name):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda batch: session.run(None, {name: batch})[0]


def by_openvino(path, name):
    import openvino

    # It would use bfloat16 where the processor has it.
    config = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(path, "CPU", config)
    return lambda batch: compiled({name: batch})[0]


def by_opencv(path, name):
    import cv2

    net = cv2.dnn.readNetFromONNX(str(path))

    def run(batch):
        net.setInput(batch, name)
        return net.forward()

    return run


def toolkits(name):
    yield "onnxruntime", by_onnxruntime
    if importlib.util.find_spec("openvino"):
        yield "openvino", by_openvino
    if importlib.util.find_spec("cv2") and name == "input":
        yield "opencv", by_opencv


def main(folder):
    images = load_file(folder / "faces.safetensors")
    for path in sorted(folder.glob("*.onnx")):
        model = onnx.load(path)
        check(model)
        (value,) = model.graph.input
        results = {}
        for toolkit, prepare in toolkits(value.name):
            run = prepare(path, value.name)
            for count in COUNTS:
                result = run(images[value.name][:count])
                results[f"{toolkit}/{count}"] = np.array(result, dtype=np.float32)
        save_file(results, path.with_suffix(".safetensors"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
