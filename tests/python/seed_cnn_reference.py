"""Logits and gradients of seed-cnn as PyTorch computes them, from a network written here.

    python seed_cnn_reference.py IN.safetensors OUT.safetensors

IN holds the weights by name, `faces` [N,1,48,48] and `labels` [N]; OUT gets `logits` [N,C] and
`gradient/NAME` of the mean cross-entropy for each weight.
"""

import sys

import torch
from safetensors.torch import load_file, save_file
from torch import nn


def network(classes):
    """The network of the seed document: ReLU before pooling, as it says."""
    net = nn.Sequential()
    for number, (inputs, outputs) in enumerate([(1, 32), (32, 64), (64, 128)], start=1):
        net.add_module(f"conv{number}", nn.Conv2d(inputs, outputs, kernel_size=3, padding="same"))
        net.add_module(f"relu{number}", nn.ReLU())
        net.add_module(f"pool{number}", nn.MaxPool2d(2))
    net.add_module("flatten", nn.Flatten())
    net.add_module("dense", nn.Linear(6 * 6 * 128, 128))
    net.add_module("relu4", nn.ReLU())
    net.add_module("dropout", nn.Dropout(0.5))
    net.add_module("logits", nn.Linear(128, classes))
    return net


def main(source, target):
    given = load_file(source)
    faces, labels = given.pop("faces"), given.pop("labels")
    net = network(classes=given["logits.bias"].numel())
    net.load_state_dict(given)
    net.eval()
    logits = net(faces)
    nn.functional.cross_entropy(logits, labels).backward()
    results = {f"gradient/{name}": weight.grad for name, weight in net.named_parameters()}
    save_file({**results, "logits": logits.detach()}, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
