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
    """The blocks of lib/fer/nn/resnet.cpp: normalisation behind the convolution, or (`pre`) before it."""

    def __init__(self, channels: int, out: int, stride: int, pre: bool):
        super().__init__()
        self.pre = pre
        self.conv1 = nn.Conv2d(channels, out, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels if pre else out)
        self.conv2 = nn.Conv2d(out, out, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(out)
        self.shortens = channels != out or stride != 1
        if self.shortens:
            self.shortcut = nn.Conv2d(channels, out, 1, stride, bias=False)
            if not pre:
                self.shortcut_norm = nn.BatchNorm2d(out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.pre:
            active = functional.relu(self.norm1(x))
            y = self.conv2(functional.relu(self.norm2(self.conv1(active))))
            return y + (self.shortcut(active) if self.shortens else x)
        y = self.norm2(self.conv2(functional.relu(self.norm1(self.conv1(x)))))
        return functional.relu(y + (self.shortcut_norm(self.shortcut(x)) if self.shortens else x))


class Nano(nn.Module):
    """ResNet-10, 24-48-96-192: `nano` of lib/fer/nn/architectures.cpp, whose stem has stride 2."""

    WIDTHS = (24, 48, 96, 192)

    def __init__(self, classes: int = 7, stem_stride: int = 2, pre: bool = False):
        super().__init__()
        channels = self.WIDTHS[0]
        self.pre = pre
        self.stem = nn.Conv2d(1, channels, 3, stem_stride, padding=1, bias=False)
        if not pre:
            self.stem_norm = nn.BatchNorm2d(channels)
        for stage, out in enumerate(self.WIDTHS, start=1):
            block = ResidualBlock(channels, out, 1 if stage == 1 else 2, pre)
            self.add_module(f"stage{stage}_block1", block)
            channels = out
        if pre:
            self.last_norm = nn.BatchNorm2d(channels)
        self.logits = nn.Linear(channels, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.stem(x)
        if not self.pre:
            x = functional.relu(self.stem_norm(x))
        for stage in range(1, len(self.WIDTHS) + 1):
            x = self.get_submodule(f"stage{stage}_block1")(x)
        if self.pre:
            x = functional.relu(self.last_norm(x))
        return self.logits(functional.adaptive_avg_pool2d(x, 1).flatten(1))


# The default `architecture_options` of a model file. These do not change a trained network; stem_stride and
# block do and are supported; any other value is an error.
UNCHOSEN = {
    "width": 1.0,
    "stem_stride": 0,
    "se": "auto",
    "shortcut": "auto",
    "downsample": "auto",
    "block": "auto",
}
OF_TRAINING = ("dropout", "drop_path")


def make_seed_cnn(classes: int, options: dict) -> SeedCnn:
    if options:
        raise SystemExit(f"seed-cnn is written here without the options {options}")
    return SeedCnn(classes)


def make_nano(classes: int, options: dict) -> Nano:
    stem_stride = options.pop("stem_stride", 2)
    block = options.pop("block", "post")
    if options:
        raise SystemExit(f"nano is written here without the options {options}")
    return Nano(classes, stem_stride, block == "pre")


NETWORKS = {"seed-cnn": make_seed_cnn, "nano": make_nano}


def chosen_options(metadata: dict) -> dict:
    given = json.loads(metadata.get("architecture_options", "{}"))
    return {
        key: value
        for key, value in given.items()
        if key not in OF_TRAINING and UNCHOSEN.get(key) != value
    }


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


@torch.no_grad()
def cool(net: nn.Module, temperature: float) -> None:
    """Divides the logits by the temperature; in the last layer, where it costs the peers nothing."""
    net.logits.weight /= temperature
    net.logits.bias /= temperature


def load(path: str) -> Predictor:
    """Reads one of our model files; a network or option that is not written here is an error."""
    with safetensors.safe_open(path, framework="pt") as file:
        metadata = file.metadata()
        # Tensors named training/… describe the training data.
        weights = {
            name: file.get_tensor(name) for name in file.keys() if not name.startswith("training/")
        }
    architecture, classes = metadata["architecture"], len(json.loads(metadata["labels"]))
    if architecture not in NETWORKS:
        raise SystemExit(f"{path}: {architecture} is not written here; {', '.join(NETWORKS)} are")
    net = NETWORKS[architecture](classes, chosen_options(metadata))
    net.load_state_dict(weights)  # converts float16 weights to float32
    cool(net, float(metadata.get("temperature", 1.0)))
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
    # Imported only here, so that a peer that starts for one prediction does not pay for them.
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
