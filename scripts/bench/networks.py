"""Our networks in PyTorch, with the weights of our model files, and their export to ONNX.

    networks.py MODEL FACES PREDICTIONS ONNX CHECK

Exports the model to ONNX, and writes faces with the probabilities we give them (FACES is FER2013's
CSV, PREDICTIONS what fer-eval says of it) into CHECK, which the peers are held against. Prints how
far PyTorch's probabilities are from ours.
"""

from __future__ import annotations

import json
import sys

import safetensors
import torch
from torch import nn
from torch.nn import functional


class SeedCnn(nn.Module):
    """lib/fer/nn/seed_cnn.cpp. `pool_first` gives the same numbers, with ReLU on a quarter."""

    def __init__(self, classes: int = 7, dropout: float = 0.5, pool_first: bool = False):
        super().__init__()
        self.pool_first = pool_first
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.conv3 = nn.Conv2d(64, 128, 3, padding=1)
        self.dense = nn.Linear(128 * 6 * 6, 128)
        self.dropout = nn.Dropout(dropout)
        self.logits = nn.Linear(128, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        for conv in (self.conv1, self.conv2, self.conv3):
            x = conv(x)
            if self.pool_first:
                x = functional.relu(functional.max_pool2d(x, 2))
            else:
                x = functional.max_pool2d(functional.relu(x), 2)
        x = functional.relu(self.dense(x.flatten(1)))
        return self.logits(self.dropout(x))


class ResidualBlock(nn.Module):
    """The post-activation block of lib/fer/nn/resnet.cpp."""

    def __init__(self, channels: int, out: int, stride: int):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, out, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(out)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out)
        self.shortens = channels != out or stride != 1
        if self.shortens:
            self.shortcut = nn.Conv2d(channels, out, 1, stride, bias=False)
            self.shortcut_norm = nn.BatchNorm2d(out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = functional.relu(self.norm1(self.conv1(x)))
        y = self.norm2(self.conv2(y))
        return functional.relu(y + (self.shortcut_norm(self.shortcut(x)) if self.shortens else x))


class Nano(nn.Module):
    """ResNet-10, 24-48-96-192, stem of stride 2: `nano` of lib/fer/nn/architectures.cpp."""

    WIDTHS = (24, 48, 96, 192)

    def __init__(self, classes: int = 7):
        super().__init__()
        channels = self.WIDTHS[0]
        self.stem = nn.Conv2d(1, channels, 3, stride=2, padding=1, bias=False)
        self.stem_norm = nn.BatchNorm2d(channels)
        for stage, out in enumerate(self.WIDTHS, start=1):
            block = ResidualBlock(channels, out, 1 if stage == 1 else 2)
            self.add_module(f"stage{stage}_block1", block)
            channels = out
        self.logits = nn.Linear(channels, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = functional.relu(self.stem_norm(self.stem(x)))
        for stage in range(1, len(self.WIDTHS) + 1):
            x = self.get_submodule(f"stage{stage}_block1")(x)
        return self.logits(functional.adaptive_avg_pool2d(x, 1).flatten(1))


NETWORKS = {"seed-cnn": SeedCnn, "nano": Nano}


class Predictor(nn.Module):
    """Grey levels uint8 [N,48,48] to probabilities [N,classes]."""

    def __init__(self, net: nn.Module, mean: float, deviation: float):
        super().__init__()
        self.net = net
        self.scale = 1 / (255 * deviation)
        self.offset = mean / deviation

    def forward(self, faces: torch.Tensor) -> torch.Tensor:
        levels = faces.unsqueeze(1).float() * self.scale - self.offset
        return self.net(levels).softmax(1)


def load(path: str) -> Predictor:
    """Reads one of our model files; a network or option that is not written here is an error."""
    with safetensors.safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        # What is called training/… says what the model was trained on.
        weights = {
            name: file.get_tensor(name) for name in file.keys() if not name.startswith("training/")
        }
    net = NETWORKS[metadata["architecture"]](classes=len(json.loads(metadata["labels"])))
    net.load_state_dict(weights)
    given = json.loads(metadata["input"])
    return Predictor(net, given["mean"], given["deviation"]).eval()


def export_onnx(predictor: Predictor, path: str) -> None:
    """A batch of any size: ONNX Runtime and OpenVINO are told the size when they load it."""
    # Two faces, because an exporter takes a size of 1 for a constant.
    torch.onnx.export(
        predictor,
        (torch.zeros(2, 48, 48, dtype=torch.uint8),),
        path,
        input_names=["faces"],
        output_names=["probabilities"],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        external_data=False,
        verbose=False,
    )


def main() -> None:
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    # Only here: a peer that starts for one prediction shall not pay for them.
    import numpy as np
    import pandas as pd
    import pandas_csv

    model, faces_csv, predictions, onnx, check = sys.argv[1:]
    predictor = load(model)
    faces, _, _ = pandas_csv.load(faces_csv)
    ours = pd.read_csv(predictions).iloc[:, 3:].to_numpy(dtype=np.float32)
    with torch.inference_mode():
        theirs = predictor(torch.from_numpy(faces)).numpy()
    export_onnx(predictor, onnx)
    np.savez(check, faces=faces, probabilities=ours)
    print(json.dumps({"largest_difference": float(np.abs(theirs - ours).max())}))


if __name__ == "__main__":
    main()
