"""Losses and their gradients as PyTorch computes them.

    python loss_reference.py IN.safetensors OUT.safetensors

IN holds `logits` [N,C], `labels` [N], `targets` [N,C] (rows sum to 1), `teachers` [N,C] (likewise)
and `weights` [C]. OUT gets NAME and gradient/NAME (to the logits) for each case below.
"""

import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file


def main(source, target):
    given = load_file(source)
    labels, targets = given["labels"], given["targets"]
    weights, teachers = given["weights"], given["teachers"]
    cases = {
        "plain": lambda x: F.cross_entropy(x, labels),
        "weighted": lambda x: F.cross_entropy(x, labels, weight=weights),
        "smoothed": lambda x: F.cross_entropy(x, labels, label_smoothing=0.1),
        "both": lambda x: F.cross_entropy(x, labels, weight=weights, label_smoothing=0.1),
        "soft": lambda x: F.cross_entropy(x, targets),
        "soft_smoothed": lambda x: F.cross_entropy(x, targets, label_smoothing=0.2),
        "distilled": lambda x: 9.0
        * F.kl_div(F.log_softmax(x / 3.0, 1), teachers, reduction="batchmean"),
    }
    result = {}
    for name, loss in cases.items():
        logits = given["logits"].clone().requires_grad_()
        value = loss(logits)
        value.backward()
        result[name] = value.detach().reshape(1)
        result["gradient/" + name] = logits.grad
    save_file(result, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
