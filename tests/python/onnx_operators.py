"""Each operator that ONNX files may have, with each attribute that changes what it says.

    python onnx_operators.py FOLDER   # NAME.onnx and NAME.safetensors as of onnx_reference.py
"""

import sys
from itertools import product
from pathlib import Path

import numpy as np
import onnx
from onnx_reference import Net, run

FOUR = [1] * 4
# A line a case: its name, the operator, what it reads behind x, its attributes.
SIMPLE = [
    ("relu", "Relu", [], {}),
    ("sigmoid", "Sigmoid", [], {}),
    ("hard_swish", "HardSwish", [], {}),
    ("hard_sigmoid", "HardSigmoid", [], {}),
    ("hard_sigmoid_sixth", "HardSigmoid", [], {"alpha": 1 / 6, "beta": 0.5}),
    ("hard_sigmoid_steep", "HardSigmoid", [], {"alpha": 0.8, "beta": 0.3}),
    ("leaky_relu", "LeakyRelu", [], {}),
    ("leaky_relu_alpha", "LeakyRelu", [], {"alpha": 0.3}),
    ("prelu", "PRelu", [np.array([0.1, -0.2, 0.3, 0.0]).reshape(4, 1, 1)], {}),
    ("prelu_one", "PRelu", [[0.2]], {}),
    ("clip_6", "Clip", [0, 6], {}),
    ("clip_0", "Clip", [0], {}),
    ("clip_both", "Clip", [-0.5, 0.8], {}),
    ("clip_low", "Clip", [-0.3], {}),
    ("clip_high", "Clip", ["", 0.4], {}),
    ("clip_none", "Clip", [], {}),
    ("add", "Add", [0.5], {}),
    ("add_channels", "Add", [np.array([0.1, 0.2, 0.3, -1]).reshape(1, 4, 1, 1)], {}),
    ("sub", "Sub", [0.5], {}),
    ("mul", "Mul", [np.array([0.1, 0.2, 0.3, -1]).reshape(4, 1, 1)], {}),
    ("div", "Div", [0.5], {}),
    ("identity", "Identity", [], {}),
    ("dropout", "Dropout", [], {}),
    ("dropout_not_training", "Dropout", [0.3, np.array(False)], {}),
    ("global_average", "GlobalAveragePool", [], {}),
    ("flatten", "Flatten", [], {}),
    ("flatten_from_end", "Flatten", [], {"axis": -3}),
    ("reshape", "Reshape", [np.array([0, -1, 9])], {}),
    ("transpose", "Transpose", [], {"perm": [0, 2, 3, 1]}),
    ("unsqueeze", "Unsqueeze", [np.array([1])], {}),
    ("cast", "Cast", [], {"to": 1}),
    ("depth_to_space", "DepthToSpace", [], {"blocksize": 2}),
    ("max_pool", "MaxPool", [], {"kernel_shape": [2, 2]}),
    ("max_pool_strides", "MaxPool", [], {"kernel_shape": [3, 3], "strides": [2, 2]}),
    ("max_pool_pads", "MaxPool", [], {"kernel_shape": [3, 3], "pads": FOUR}),
    ("mean_pool", "AveragePool", [], {"kernel_shape": [2, 2], "strides": [2, 2]}),
    ("mean_pool_inside", "AveragePool", [], {"kernel_shape": [3, 3], "pads": FOUR}),
    ("mean_pool_zeros", "AveragePool", [],
     {"kernel_shape": [3, 3], "pads": FOUR, "count_include_pad": 1}),
    ("pad", "Pad", [np.array([0, 0, 1, 2, 0, 0, 3, 4])], {}),
    ("reduce_mean", "ReduceMean", [], {"axes": [2, 3], "keepdims": 0}),
    ("reduce_mean_kept", "ReduceMean", [], {"axes": [-1, -2]}),
]  # fmt: skip
for kind, rule, ceil in product(
    ("MaxPool", "AveragePool"), ("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"), (0, 1)
):
    how = {"kernel_shape": [3, 3], "strides": [2, 2], "auto_pad": rule}
    if ceil == 0 or rule == "NOTSET":
        SIMPLE.append((f"{kind}_{rule}_{ceil}", kind, [], {**how, "ceil_mode": ceil}))

# Convolutions of 4 channels: name, outputs, window, attributes.
CONVS = [
    ("conv", 5, 3, {}),
    ("conv_pads", 5, 3, {"pads": [1, 0, 2, 1]}),
    ("conv_strides", 5, 3, {"strides": [2, 2], "pads": FOUR}),
    ("conv_dilations", 5, 3, {"dilations": [2, 2]}),
    ("conv_groups", 6, 3, {"groups": 2}),
    ("conv_depthwise", 4, 3, {"groups": 4, "pads": FOUR}),
    ("conv_widened", 8, 3, {"groups": 4}),
    ("conv_no_bias", 5, 1, {"bias": False}),
    ("conv_kernel_shape", 5, 3, {"kernel_shape": [3, 3]}),
    ("conv_rectangle", 5, (1, 5), {}),
    *((f"conv_{rule}", 5, 4, {"auto_pad": rule, "strides": [2, 2]})
      for rule in ("SAME_UPPER", "SAME_LOWER", "VALID")),
]  # fmt: skip

PLACES = ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric")
ROUNDINGS = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
# Scales, or sizes, of a map of 9 x 11 pixels.
SCALES = {"twice": (2.0, 2.0), "thrice": (3.0, 3.0), "more": (1.7, 2.4), "less": (0.6, 0.45)}
SIZES = {"48": (48, 48), "one": (1, 1), "uneven": (7, 24), "same": (9, 11)}


class Cases:
    def __init__(self, folder):
        self.folder = Path(folder)

    def add(self, name, build, opset=17, shape=(1, 4, 9, 11)):
        net = Net(list(shape), opset=opset)
        outputs = build(net)
        model = net.model(outputs if isinstance(outputs, list) else [outputs])
        onnx.save(model, self.folder / f"{name}.onnx")
        picture = np.random.default_rng(2).normal(0, 1, shape).astype(np.float32)
        run(model, self.folder / f"{name}.safetensors", picture)


def constant(net, value):
    if isinstance(value, str):
        return value
    dtype = getattr(value, "dtype", np.dtype(np.float32))
    return net.constant(value, dtype if dtype.kind in "ib" else np.float32)


def simple(cases):
    """Each alone, and behind a convolution, which may take it in."""
    for name, kind, inputs, attributes in SIMPLE:
        opset = 17 if kind == "HardSwish" else 13

        def alone(net, start="input"):
            return net.node(kind, start, *(constant(net, i) for i in inputs), **attributes)

        cases.add(name, alone, opset)
        cases.add(f"{name}_behind_conv", lambda net: alone(net, net.conv("input", 4, 4)), opset,
                  (1, 4, 11, 13))  # fmt: skip


def convolutions(cases):
    for name, outputs, window, how in CONVS:
        cases.add(name, lambda net: net.conv("input", 4, outputs, window, **how))
    for bias in (False, True):

        def spread(net):
            more = [net.normal(5)] if bias else []
            return net.node("ConvTranspose", "input", net.normal(4, 5, 3, 3), *more, strides=[3, 3])

        cases.add(f"conv_transpose_{bias}", spread)

    def norm(net):
        parts = [net.normal(4, deviation=0.3) for _ in range(3)]
        variance = net.constant([0.5, 1, 2, 3])
        return net.node("BatchNormalization", "input", *parts, variance, epsilon=0.1)

    cases.add("batch_normalization", norm)


def dense(cases):
    def gemm(net, beside=(), **how):
        weights = (5, 4 * 99) if how.get("transB") else (4 * 99, 5)
        bias = [net.normal(5)] if "beta" in how else []
        return net.node("Gemm", net.node("Flatten", "input"), net.normal(*weights, deviation=0.05),
                        *bias, **how)  # fmt: skip

    cases.add("gemm", gemm)
    cases.add("gemm_turned", lambda net: gemm(net, transB=1))
    cases.add("gemm_alpha", lambda net: gemm(net, alpha=0.3, beta=2.0))

    def vector(net):
        return net.node("Flatten", net.node("GlobalAveragePool", "input"))

    def matmul(net, weights):
        return net.node("MatMul", vector(net), weights(net))

    def reshaped(net):  # as CNTK's files have it
        return net.node("Reshape", net.normal(2, 2, 1, 5), net.constant([4, 5], np.int64))

    cases.add("matmul", lambda net: matmul(net, lambda net: net.normal(4, 5)))
    cases.add("matmul_reshaped", lambda net: matmul(net, reshaped))
    cases.add("matmul_turned", lambda net: matmul(
        net, lambda net: net.node("Transpose", net.normal(5, 4), perm=[1, 0])))  # fmt: skip
    for kind in ("Softmax", "LogSoftmax"):
        for axis in (-1, 1):
            cases.add(f"{kind}_{axis}", lambda net: net.node(kind, vector(net), axis=axis))
        cases.add(f"{kind}_early", lambda net: net.node(kind, vector(net)), 11)


def several(cases):
    """What reads several values that are computed."""
    shape = (1, 4, 9, 11)

    def two(net):
        return net.conv("input", 4, 4, pads=FOUR), net.conv("input", 4, 4, pads=FOUR)

    cases.add("add_two", lambda net: net.node("Add", *two(net)))
    cases.add("mul_two", lambda net: net.node("Mul", *two(net)))
    cases.add("concat", lambda net: net.node("Concat", "input", *two(net), axis=1))
    cases.add("concat_from_end", lambda net: net.node("Concat", "input", *two(net), axis=-3))

    def swish(net):
        x = net.conv("input", 4, 4)
        return net.node("Mul", x, net.node("Sigmoid", x))

    def gate(net):
        return net.node("Mul", "input", net.node("GlobalAveragePool", "input"))

    def attention(net):  # one number for all channels of a pixel
        x = net.node("Relu", net.conv("input", 4, 4, pads=FOUR))
        return net.node("Mul", net.node("Sigmoid", net.conv(x, 4, 1, 7, pads=[3] * 4)), x)

    def last(net):
        x = net.node("Transpose", "input", perm=[0, 2, 3, 1])
        return net.node("Mul", x, net.node("Sigmoid", net.node("Add", x, net.constant(1))))

    for build in (swish, gate, attention, last):
        cases.add(f"mul_{build.__name__}", build, shape=shape)

    def shapes(net):
        """A list of sizes that is computed, as x.view(x.size(0), -1) is."""
        size = net.node("Shape", "input")
        batch = net.node("Gather", size, net.constant(0, np.int64), axis=0)
        rows = net.node("Unsqueeze", batch, net.constant([0], np.int64))
        rest = net.node("Slice", size, net.constant([1], np.int64), net.constant([2], np.int64))
        open_ = net.node("Constant", value_ints=[-1])
        wanted = net.node("Concat", rows, net.node("Cast", rest, to=7), open_, axis=0)
        return net.node("Reshape", "input", wanted)

    cases.add("shapes", shapes)
    squeezed = [2, 3]
    cases.add("squeeze", lambda net: net.node(
        "Squeeze", net.node("GlobalAveragePool", "input"), net.constant(squeezed, np.int64))
    )  # fmt: skip


def resizes(cases):
    def resize(net, scales, sizes, how):
        parts = [net.constant([1, 1, *scales])] if scales else [""]
        parts += [net.constant([1, 4, *sizes], np.int64)] if sizes else []
        return net.node("Resize", "input", "", *parts, **how)

    ways = [("linear", "floor")] + [("nearest", rounding) for rounding in ROUNDINGS]
    wanted = {name: (scales, None) for name, scales in SCALES.items()}
    wanted |= {name: (None, sizes) for name, sizes in SIZES.items()}
    for (mode, rounding), place in product(ways, PLACES):
        how = {"mode": mode, "coordinate_transformation_mode": place, "nearest_mode": rounding}

        def all_sizes(net):
            return [resize(net, *size, how) for size in wanted.values()]

        cases.add(f"resize_{mode}_{rounding}_{place}", all_sizes, 13)
        cases.add(f"resize_{mode}_{rounding}_{place}_18", all_sizes, 18)

    def usual(net):
        x = net.conv("input", 4, 4, pads=FOUR)
        return net.node("Relu", net.node("Resize", x, "", net.constant([1, 1, 2, 2])))

    def by_axes(net):
        return net.node("Resize", "input", "", "", net.constant([20, 30], np.int64), mode="linear",
                        axes=[2, 3])  # fmt: skip

    cases.add("resize_usual", usual, 13)
    cases.add("resize_axes", by_axes, 18)
    for kind, opset, mode in product(("Upsample", "Resize"), (9, 10), ("nearest", "linear")):
        if (kind == "Upsample") == (opset == 9):
            for name, scales in SCALES.items():
                if kind == "Resize" or min(scales) >= 1:
                    cases.add(f"{kind}_early_{mode}_{name}", lambda net: net.node(
                        kind, "input", net.constant([1, 1, *scales]), mode=mode), opset
                    )  # fmt: skip


def main():
    cases = Cases(sys.argv[1])
    for add in (simple, convolutions, dense, several, resizes):
        add(cases)


if __name__ == "__main__":
    main()
