"""How a shallow residual network should start: the measurement behind docs/recipes.md.

Trains nano's twin in PyTorch for 150 steps (batch 128, no augmentation, label smoothing 0.1, SGD with
Nesterov momentum) from several initialisations and prints the mean training accuracy of the last 50.

    .deps/bench-venv/bin/python3 scripts/experiments/initialisation.py data/fer2013.csv
"""

import argparse

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

STEPS, LAST, BATCH = 150, 50, 128
ZERO_GAMMAS = ("all", "beside the identity", "none")
WEIGHTS = ("default", "he fan-out", "lecun")


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.is_identity = inputs == outputs and stride == 1
        self.shortcut = (
            nn.Identity()
            if self.is_identity
            else nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)
            )
        )

    def forward(self, x):
        inner = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(inner)) + self.shortcut(x))


def nano():
    return nn.Sequential(
        nn.Conv2d(1, 24, 3, 2, 1, bias=False),
        nn.BatchNorm2d(24),
        nn.ReLU(),
        Block(24, 24, 1),
        Block(24, 48, 2),
        Block(48, 96, 2),
        Block(96, 192, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(192, 7),
    )


def initialise(network, zero_gammas, weights):
    for module in network.modules():
        if isinstance(module, nn.Conv2d) and weights == "he fan-out":
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        if isinstance(module, nn.Conv2d) and weights == "lecun":
            nn.init.kaiming_normal_(module.weight, mode="fan_in", nonlinearity="linear")
        if isinstance(module, Block) and (
            zero_gammas == "all" or (zero_gammas != "none" and module.is_identity)
        ):
            nn.init.zeros_(module.norm2.weight)


def early_accuracy(images, labels, zero_gammas, weights, rate, seed):
    torch.manual_seed(seed)
    network = nano()
    initialise(network, zero_gammas, weights)
    network = network.to(memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(network.parameters(), rate, 0.9, nesterov=True, weight_decay=5e-4)
    order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed + 1))
    accuracies = []
    for step in range(STEPS):
        rows = order[step * BATCH : (step + 1) * BATCH]
        logits = network(images[rows])
        loss = F.cross_entropy(logits, labels[rows], label_smoothing=0.1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        accuracies.append((logits.argmax(1) == labels[rows]).float().mean().item())
    return sum(accuracies[-LAST:]) / LAST


def read_training(path):
    labels, images = [], []
    with open(path, encoding="ascii") as lines:
        next(lines)
        for line in lines:
            label, pixels, usage = line.strip().split(",")
            if usage == "Training":
                labels.append(int(label))
                images.append(np.array(pixels.strip('"').split(), dtype=np.uint8))
    levels = torch.tensor(np.stack(images)).reshape(-1, 1, 48, 48).float() / 255
    return (levels - levels.mean()) / levels.std(), torch.tensor(labels)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", help="FER2013's CSV")
    parser.add_argument("--rates", type=float, nargs="+", default=[0.1])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    images, labels = read_training(options.csv)
    print("| zero gammas | weights | rate | training accuracy, steps 100-150 |")
    print("| --- | --- | --- | --- |")
    for rate in options.rates:
        for zero_gammas in ZERO_GAMMAS:
            for weights in WEIGHTS:
                found = [
                    early_accuracy(images, labels, zero_gammas, weights, rate, seed)
                    for seed in options.seeds
                ]
                print(
                    f"| {zero_gammas} | {weights} | {rate} | "
                    f"{', '.join(f'{100 * a:.1f} %' for a in found)} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
