"""Networks in ONNX files, and what ONNX Runtime makes of them.

    python onnx_reference.py build FOLDER          # NAME.onnx of each network below
    python onnx_reference.py run MODEL.onnx SIDE OUT.safetensors   # a file of somebody else

Beside each NAME.onnx comes a NAME.safetensors like OUT: `input` [1,C,H,W] or [1,H,W,C], which is a
random picture, and each output by its name.
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import save_file


class Net:
    """A file under way; values are called by the names of nodes."""

    def __init__(self, shape, opset=17, seed=1):
        self.opset, self.random = opset, np.random.default_rng(seed)
        self.nodes, self.weights = [], []
        self.input = helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)
        self.shape = [1 if isinstance(dim, str) else dim for dim in shape]

    def constant(self, value, dtype=np.float32):
        name = f"c{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(value, dtype), name))
        return name

    def normal(self, *shape, mean=0.0, deviation=None):
        if deviation is None:
            deviation = 1 / np.sqrt(max(np.prod(shape[1:]), 1))
        return self.constant(self.random.normal(mean, deviation, shape))

    def node(self, kind, *inputs, name=None, **attributes):
        name = name or f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name

    def conv(self, x, inputs, outputs, kernel=3, name=None, bias=True, groups=1, **attributes):
        kernel = kernel if isinstance(kernel, tuple) else (kernel, kernel)
        weights = [self.normal(outputs, inputs // groups, *kernel)]
        if bias:
            weights.append(self.normal(outputs, deviation=0.3))
        return self.node("Conv", x, *weights, name=name, group=groups, **attributes)

    def norm(self, x, channels):
        variance = self.constant(self.random.uniform(0.5, 2, channels))
        parts = [self.normal(channels, mean=m, deviation=0.3) for m in (1.0, 0.0, 0.0)]
        return self.node("BatchNormalization", x, *parts, variance, epsilon=1e-3)

    def model(self, outputs):
        values = [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in outputs]
        graph = helper.make_graph(self.nodes, "net", [self.input], values, self.weights)
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", self.opset)], ir_version=8
        )


def mobile():
    """Inverted residuals with squeeze and excitation, as MobileNet v3's, and classes."""
    net = Net(["n", 3, 32, 40])
    x = net.node("HardSwish", net.norm(net.conv("input", 3, 12, strides=[2, 2], pads=[1] * 4), 12))
    wide = net.node("Clip", net.conv(x, 12, 36, 1), net.constant(0), net.constant(6))
    deep = net.norm(net.conv(wide, 36, 36, groups=36, pads=[1] * 4, bias=False), 36)
    gate = net.node("Relu", net.conv(net.node("GlobalAveragePool", deep), 36, 9, 1))
    gate = net.node("HardSigmoid", net.conv(gate, 9, 36, 1), alpha=1 / 6, beta=0.5)
    open_ = net.node("Mul", deep, gate)
    x = net.node("Add", net.norm(net.conv(open_, 36, 12, 1), 12), x)
    x = net.node("HardSwish", net.conv(x, 12, 20, 1))
    flat = net.node("Flatten", net.node("GlobalAveragePool", x))
    flat = net.node("Dropout", flat)
    logits = net.node("Gemm", flat, net.normal(7, 20), net.normal(7), transB=1)
    return net.model([net.node("Softmax", logits, name="probabilities")])


def xception():
    """Separable convolutions with the uneven paddings of Keras, grey, rectangular windows."""
    net = Net([1, 1, 25, 30], opset=11)
    x = net.conv("input", 1, 8, (3, 5), strides=[2, 2], auto_pad="SAME_UPPER")
    x = net.node("Relu", net.norm(x, 8))
    deep = net.conv(x, 8, 8, groups=8, pads=[0, 0, 1, 1], bias=False)
    deep = net.node("Relu", net.norm(net.conv(deep, 8, 16, 1), 16))
    pooled = net.node("MaxPool", deep, kernel_shape=[3, 3], strides=[2, 2], auto_pad="SAME_UPPER")
    x = net.conv(pooled, 16, 16, groups=4, dilations=[2, 2], pads=[2, 1, 0, 3])
    x = net.conv(net.node("Pad", x, net.constant([0, 0, 1, 2, 0, 0, 0, 1], np.int64)), 16, 9)
    logits = net.node("ReduceMean", x, axes=[2, 3], keepdims=0)
    return net.model([logits, pooled])


def residual_prelu():
    """As face recognition has them: PReLU, normalisation before convolutions, one long vector."""
    net = Net(["n", 3, 16, 16])
    x = net.node("Div", net.node("Sub", "input", net.constant(0.4)), net.constant([[[0.5]]]))
    x = net.node("Mul", x, net.constant(np.array([1.0, 0.5, 2.0]).reshape(3, 1, 1)))
    x = net.node("PRelu", net.conv(x, 3, 10, pads=[1] * 4), net.normal(10, 1, 1, deviation=0.3))
    for _ in range(2):
        y = net.node("LeakyRelu", net.conv(net.norm(x, 10), 10, 10, pads=[1] * 4), alpha=0.1)
        y = net.conv(y, 10, 10, pads=[1] * 4)
        x = net.node("Relu", net.node("Add", x, y))
    x = net.node("AveragePool", x, kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1)
    flat = net.node("Reshape", x, net.constant([-1, 10 * 8 * 8], np.int64))
    vector = net.node("MatMul", flat, net.normal(640, 24, deviation=0.05))
    return net.model([net.norm(net.node("Add", vector, net.normal(24)), 24)])


def pyramid():
    """A detector's neck: enlarging in three ways, joining, Swish written out, outputs by cell."""
    net = Net([1, 3, 32, 48], opset=13)
    x = net.conv("input", 3, 16, strides=[2, 2], pads=[1] * 4)
    x = net.node("Mul", x, net.node("Sigmoid", x))
    half = net.node("Relu", net.conv(x, 16, 12, strides=[2, 2], pads=[1] * 4))
    up = net.node("ConvTranspose", half, net.normal(12, 5, 2, 2), strides=[2, 2])
    up = net.node("Relu", net.norm(up, 5))
    scales = [net.constant([], np.float32), net.constant([1, 1, 2, 2])]
    twice = net.node("Resize", half, *scales, mode="nearest", nearest_mode="floor",
                     coordinate_transformation_mode="asymmetric")  # fmt: skip
    sizes = net.constant([1, 12, 16, 24], np.int64)
    again = net.node("Resize", half, "", "", sizes, mode="nearest")
    all_ = net.node("Concat", up, twice, x, again, axis=1)
    hard = net.conv(all_, 45, 6, 1)
    hard = net.node("Mul", net.node("HardSigmoid", hard, alpha=1 / 6), hard)
    cells = net.node("Transpose", net.conv(hard, 6, 4, pads=[1] * 4), perm=[0, 2, 3, 1])
    boxes = net.node("Reshape", cells, net.constant([1, -1, 4], np.int64), name="boxes")
    score = net.node("Transpose", net.conv(hard, 6, 2, 1), perm=[0, 2, 3, 1])
    score = net.node("Reshape", score, net.constant([1, -1, 2], np.int64))
    return net.model([boxes, net.node("Sigmoid", score, name="scores"), hard])


def channels_last():
    """As TensorFlow's are converted: the input's channels last, the last map flattened so."""
    net = Net([1, 20, 20, 3])
    x = net.node("Transpose", "input", perm=[0, 3, 1, 2])
    x = net.node("Relu", net.conv(x, 3, 8, strides=[2, 2], auto_pad="SAME_LOWER"))
    x = net.node("Clip", net.norm(x, 8), net.constant(0))
    x = net.node("Transpose", x, perm=[0, 2, 3, 1])
    mean = net.node("ReduceMean", x, axes=[1, 2], keepdims=1)
    mean = net.node("Squeeze", mean, net.constant([1, 2], np.int64), name="mean")
    flat = net.node("Reshape", x, net.constant([0, 800], np.int64))
    return net.model([net.node("MatMul", flat, net.normal(800, 5)), mean])


def keras_mobile():
    """MobileNet v3 as Keras writes it out: hard swish and sigmoid by Clip, Pad before all kinds."""
    net = Net([1, 30, 26, 3], opset=13)
    x = net.node("Transpose", "input", perm=[0, 3, 1, 2])
    x = net.conv(x, 3, 16, strides=[2, 2], auto_pad="SAME_UPPER")
    six = [net.constant(0), net.constant(6)]
    x = net.node("Mul", x, net.node("Clip", net.node("Add", x, net.constant(3)), *six))
    x = net.node("Mul", x, net.constant(1 / 6))
    pads = net.constant([0, 0, 1, 0, 0, 0, 0, 1], np.int64)
    x = net.conv(net.node("Pad", x, pads), 16, 16, groups=16, auto_pad="SAME_LOWER", strides=[2, 2])
    gate = net.conv(net.node("ReduceMean", x, axes=[2, 3]), 16, 16, 1)
    gate = net.node("Clip", net.node("Add", gate, net.constant(3)), *six)
    x = net.node("Mul", x, net.node("Div", gate, net.constant(6)))
    open_ = net.node("Clip", net.node("Add", x, net.constant(3)), *six)
    x = net.node("Mul", net.node("Mul", open_, net.constant(1 / 6)), x)
    last = net.node("Transpose", x, perm=[0, 2, 3, 1])
    last = net.node("Pad", last, net.constant([0, 1, 1, 0, 0, 0, 2, 0], np.int64))
    x = net.node("Transpose", last, perm=[0, 3, 1, 2])
    pooled = net.node("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2])
    logits = net.node("GlobalAveragePool", net.conv(pooled, 16, 7, 1))
    probabilities = net.node("Softmax", logits, axis=1)
    rows = net.node("Reshape", probabilities, net.constant([-1, 7], np.int64))
    return net.model([net.node("Identity", rows), pooled])


def torch_shapes():
    """As PyTorch exports x.view(x.size(0), -1), and pools with every kind of pads."""
    net = Net(["n", 3, 29, 21], opset=13)
    x = net.node("Relu", net.conv("input", 3, 8, pads=[1] * 4))
    pooled = []
    for before in (0, 1):
        for after in (0, 1, 2):
            for ceil in (0, 1):
                both = [before, before, after, after]
                window = {"kernel_shape": [3, 3], "strides": [2, 2], "ceil_mode": ceil}
                pooled.append(net.node("MaxPool", x, pads=both, **window))
                pooled.append(net.node("AveragePool", x, pads=both, **window))
    pads = net.node("AveragePool", x, kernel_shape=[3, 3], pads=[0, 1, 2, 1], count_include_pad=1)
    pooled.append(pads)
    whole = net.node("AveragePool", x, kernel_shape=[29, 21])
    size = net.node("Shape", whole)
    batch = net.node("Gather", size, net.constant(0, np.int64), axis=0)
    rows = net.node("Unsqueeze", batch, net.constant([0], np.int64))
    rest = net.node("Slice", size, net.constant([1], np.int64), net.constant([-2], np.int64))
    rest = net.node("Cast", rest, to=TensorProto.INT64)
    flat = net.node("Reshape", whole, net.node("Concat", rows, rest, axis=0))
    logits = net.node("Gemm", flat, net.normal(8, 5), net.normal(5))
    return net.model([net.node("LogSoftmax", logits), *pooled])


NETS = [mobile, xception, residual_prelu, pyramid, channels_last, keras_mobile, torch_shapes]


def run(model, path, picture):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3  # older files list weights as inputs
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    names = [output.name for output in session.get_outputs()]
    results = session.run(names, {session.get_inputs()[0].name: picture})
    tensors = {name: np.ascontiguousarray(result) for name, result in zip(names, results)}
    save_file({"input": picture, **tensors}, path)


def main():
    if sys.argv[1] == "build":
        for make in NETS:
            net_file = Path(sys.argv[2]) / f"{make.__name__}.onnx"
            model = make()
            onnx.save(model, net_file)
            dims = model.graph.input[0].type.tensor_type.shape.dim
            shape = [dim.dim_value or 1 for dim in dims]
            picture = np.random.default_rng(2).normal(0, 1, shape).astype(np.float32)
            run(model, net_file.with_suffix(".safetensors"), picture)
    else:
        model = onnx.load(sys.argv[2])
        side = int(sys.argv[3])
        graph = model.graph
        constants = {tensor.name for tensor in graph.initializer}
        (value,) = [value for value in graph.input if value.name not in constants]
        for dim, size in zip(value.type.tensor_type.shape.dim, (1, 3, side, side)):
            dim.dim_value = size
        for output in graph.output:
            output.type.tensor_type.ClearField("shape")
        del graph.value_info[:]
        picture = np.random.default_rng(3).integers(0, 256, (1, 3, side, side))
        run(model, sys.argv[4], picture.astype(np.float32))


if __name__ == "__main__":
    main()
