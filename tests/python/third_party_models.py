"""Third-party ONNX classifiers, and the answers of ONNX Runtime for faces.

    python third_party_models.py build FOLDER           # NAME.onnx and its description NAME.json
    python third_party_models.py faces FOLDER           # of FOLDER/faces.safetensors, `faces` [N,48,48]
    python third_party_models.py pictures FOLDER        # of FOLDER/NAME.png, as they are

The last two write NAME.safetensors: `probabilities` [N,C] for the classes of the description that
are not null. Faces grow by Pillow and shrink by NumPy, which know nothing of this project.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx_reference import Net
from PIL import Image
from safetensors.numpy import load_file, save_file

FER2013 = ["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]


def classifying(net, vector, classes):
    """Random weights [inputs, classes] and a bias that give smooth pictures different labels."""
    shape = [1 if isinstance(size, str) else size for size in net.shape]
    last = shape[3] <= 3
    size = (shape[2], shape[1]) if last else (shape[3], shape[2])
    inputs = []
    for _ in range(32):
        noise = net.random.normal(0, 1.5, (6, 6)).astype(np.float32)
        picture = np.asarray(Image.fromarray(noise).resize(size, Image.Resampling.BILINEAR))
        picture = np.repeat(picture[..., np.newaxis], shape[3] if last else shape[1], axis=2)
        inputs.append(picture if last else picture.transpose(2, 0, 1))
    session = onnxruntime.InferenceSession(
        net.model([vector]).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (features,) = session.run(None, {"input": np.stack(inputs)})
    weights = net.random.normal(0, 0.05, (features.shape[1], classes)) / features.std(axis=0).mean()
    return weights, -features.mean(axis=0) @ weights


def mobile():
    """Like MobileNet v3, in colours of 112x112 pixels, normalised as torchvision does."""
    net = Net(["batch", 3, 112, 112], opset=13, seed=11)
    x = net.conv("input", 3, 16, strides=[2, 2], pads=[1] * 4, bias=False)
    x = net.norm(x, 16)
    x = net.node("Mul", x, net.node("Sigmoid", x))
    for inputs, wide, outputs, stride in [(16, 32, 16, 2), (16, 48, 24, 2), (24, 72, 24, 1)]:
        y = net.norm(net.conv(x, inputs, wide, 1, bias=False), wide)
        y = net.node("Clip", y, net.constant(0), net.constant(6))
        y = net.conv(y, wide, wide, groups=wide, pads=[1] * 4, strides=[stride] * 2, bias=False)
        y = net.node("Clip", net.norm(y, wide), net.constant(0), net.constant(6))
        gate = net.node("Relu", net.conv(net.node("GlobalAveragePool", y), wide, 8, 1))
        y = net.node("Mul", y, net.node("Sigmoid", net.conv(gate, 8, wide, 1)))
        y = net.norm(net.conv(y, wide, outputs, 1, bias=False), outputs)
        x = net.node("Add", x, y) if stride == 1 and inputs == outputs else y
    x = net.node("Dropout", net.node("Flatten", net.node("GlobalAveragePool", x)))
    weights, bias = classifying(net, x, 7)
    x = net.node("Gemm", x, net.constant(weights.T), net.constant(bias), transB=1)
    x = net.node("LogSoftmax", x, axis=1)
    description = {
        "labels": ["neutral", "happiness", "sadness", "surprise", "fear", "disgust", "anger"],
        "size": 112,
        "colour": "rgb",
        "mean": [0.485, 0.456, 0.406],
        "std": [0.229, 0.224, 0.225],
        "crop_margin": 1.3,
        "output": "logits",
        "data": "random numbers",
        "licence": "none",
    }
    return net.model([x]), description


def xception():
    """Like mini-XCEPTION as Keras has it: grey, channels last, uneven pads, a softmax within."""
    net = Net(["batch", 64, 64, 1], opset=13, seed=12)
    x = net.node("Transpose", "input", perm=[0, 3, 1, 2])
    x = net.node("Relu", net.norm(net.conv(x, 1, 8, bias=False), 8))
    x = net.node("Relu", net.norm(net.conv(x, 8, 8, bias=False), 8))
    inputs = 8
    for outputs in (16, 32):
        short = net.norm(net.conv(x, inputs, outputs, 1, strides=[2, 2], bias=False), outputs)
        y = net.conv(x, inputs, inputs, groups=inputs, auto_pad="SAME_UPPER", bias=False)
        y = net.node("Relu", net.norm(net.conv(y, inputs, outputs, 1, bias=False), outputs))
        y = net.conv(y, outputs, outputs, groups=outputs, auto_pad="SAME_UPPER", bias=False)
        y = net.norm(net.conv(y, outputs, outputs, 1, bias=False), outputs)
        y = net.node("MaxPool", y, kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")
        x = net.node("Add", y, short)
        inputs = outputs
    mean = net.node("Flatten", net.node("GlobalAveragePool", x))
    weights, bias = classifying(net, mean, 7)
    weights = weights.T.reshape(7, 32, 1, 1)
    x = net.node("Conv", x, net.constant(weights), net.constant(bias))
    x = net.node("Squeeze", net.node("GlobalAveragePool", x), net.constant([2, 3], np.int64))
    description = {
        "labels": FER2013,
        "size": [64, 64],
        "colour": "grey",
        "mean": 0.5,
        "std": 0.5,
        "layout": "nhwc",
        "output": "probabilities",
    }
    return net.model([net.node("Softmax", x)]), description


def residual():
    """As face recognition has them: PReLU, BGR in other numbers, two outputs, a class too many."""
    net = Net(["batch", 3, 40, 96], opset=11, seed=13)
    x = net.conv("input", 3, 16, pads=[1] * 4)
    x = net.node("PRelu", x, net.normal(16, 1, 1, deviation=0.3))
    for _ in range(2):
        y = net.conv(net.norm(x, 16), 16, 16, pads=[1] * 4)
        y = net.node("PRelu", y, net.normal(16, 1, 1, deviation=0.3))
        x = net.node("Add", net.norm(net.conv(y, 16, 16, pads=[1] * 4), 16), x)
    x = net.node("AveragePool", x, kernel_shape=[4, 4], strides=[4, 4])
    size = net.node("Shape", x)
    rows = net.node("Gather", size, net.constant([0], np.int64), axis=0)
    size = net.node("Concat", rows, net.constant([-1], np.int64), axis=0)
    flat = net.node("Reshape", x, size)
    vector = net.node("Gemm", flat, net.normal(3840, 32, deviation=0.02), net.normal(32))
    weights, bias = classifying(net, vector, 8)
    logits = net.node("MatMul", vector, net.constant(weights))
    logits = net.node("Add", logits, net.constant(bias), name="logits")
    description = {
        "labels": ["neutral", "happy", "sad", "surprise", "fear", "disgust", "angry", None],
        "size": [96, 40],
        "colour": "bgr",
        "scale": 1,
        "mean": 127.5,
        "std": 128,
        "output": "logits",
        "output_name": "logits",
        "temperature": 1.5,
    }
    return net.model([vector, logits]), description


NETS = {"mobile": mobile, "xception": xception, "residual": residual}


def scaled(levels, width, height):
    """By means of areas where a side shrinks, bilinearly where it grows."""
    for axis, count in ((1, width), (0, height)):
        side = levels.shape[axis]
        if count < side:  # each pixel as `count` ones, of which `side` neighbours are a result
            parts = np.moveaxis(np.repeat(levels, count, axis), axis, -1)
            levels = np.moveaxis(parts.reshape(*parts.shape[:-1], count, side).mean(-1), -1, axis)
        else:
            size = (count, levels.shape[0]) if axis else (levels.shape[1], count)
            picture = Image.fromarray(levels.astype(np.float32))
            levels = np.asarray(picture.resize(size, Image.Resampling.BILINEAR))
    return levels


def sides(description):
    size = description["size"]
    return (size, size) if isinstance(size, int) else size


def of_faces(folder, _, description):
    for face in load_file(folder / "faces.safetensors")["faces"]:
        levels = scaled(face, *sides(description))
        channels = 1 if description["colour"] == "grey" else 3
        yield np.repeat(levels[..., np.newaxis], channels, axis=2)


def of_picture(folder, name, description):
    picture = np.asarray(Image.open(folder / f"{name}.png"), np.float32)
    picture = picture.reshape(*picture.shape[:2], -1)
    yield picture[..., ::-1] if description["colour"] == "bgr" else picture


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def probabilities(folder, name, pictures):
    description = json.loads((folder / f"{name}.json").read_text())
    levels = np.stack(list(pictures(folder, name, description))).astype(np.float64)
    numbers = levels * description.get("scale", 1 / 255) - np.array(description.get("mean", 0))
    numbers = (numbers / np.array(description.get("std", 1))).astype(np.float32)
    if description.get("layout", "nchw") == "nchw":
        numbers = np.ascontiguousarray(numbers.transpose(0, 3, 1, 2))
    session = onnxruntime.InferenceSession(
        str(folder / f"{name}.onnx"), providers=["CPUExecutionProvider"]
    )
    output = description.get("output_name", session.get_outputs()[0].name)
    (rows,) = session.run([output], {"input": numbers})
    kept = [i for i, label in enumerate(description["labels"]) if label is not None]
    rows = rows[:, kept].astype(np.float64)
    if description["output"] == "probabilities":
        rows = np.log(rows)
    return softmax(rows / description.get("temperature", 1.0)).astype(np.float32)


def main():
    folder = Path(sys.argv[2])
    for name, make in NETS.items():
        if sys.argv[1] == "build":
            model, description = make()
            onnx.save(model, folder / f"{name}.onnx")
            (folder / f"{name}.json").write_text(json.dumps(description, indent=2) + "\n")
        else:
            pictures = of_faces if sys.argv[1] == "faces" else of_picture
            rows = probabilities(folder, name, pictures)
            rows = np.ascontiguousarray(rows)
            save_file({"probabilities": rows}, folder / f"{name}.safetensors")


if __name__ == "__main__":
    main()
