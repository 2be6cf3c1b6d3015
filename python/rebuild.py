"""Any model file of fer as a PyTorch module, with the same names of weights (docs/formats.md).

python rebuild.py MODEL.safetensors FACE.png    the probabilities of a picture that is a face
"""

import json
import sys

import torch
from safetensors import safe_open
from torch import nn
from torch.nn import functional as F

RESNETS = {  # channels of each stage, blocks a stage, the first convolution's stride, with SE
    "nano": ((24, 48, 96, 192), 1, 2, False),
    "small": ((24, 48, 96, 192), 2, 1, False),
    "large": ((64, 128, 256, 512), 2, 1, True),
    "best": ((96, 192, 384, 512), 2, 1, True),
}


def scaled(channels, width):
    return channels if width == 1 else 8 * max(int(channels * width / 8 + 0.5), 1)


def conv(i, o, size=3, stride=1, bias=False, **more):
    return nn.Conv2d(i, o, size, stride, **{"padding": size // 2, "bias": bias, **more})


class Block(nn.Module):
    """conv, norm, relu, conv, norm, add, relu; with block "pre": norm, relu, conv, twice, add."""

    def __init__(self, i, o, stride, se, options):
        super().__init__()
        self.pre, self.stride = options["block"] == "pre", stride
        self.blurs = options["downsample"] == "blur" and stride > 1
        pools = options["shortcut"] == "pool"
        self.pools = pools and stride > 1
        self.conv1 = conv(i, o, stride=1 if self.blurs else stride)
        self.norm1 = nn.BatchNorm2d(i if self.pre else o)
        self.conv2, self.norm2 = conv(o, o), nn.BatchNorm2d(o)
        down = max(o // 16, 8)
        if se:
            self.se = nn.ModuleDict({"down": nn.Linear(o, down), "up": nn.Linear(down, o)})
        if i != o or stride > 1:
            self.shortcut = conv(i, o, 1, 1 if pools else stride)
            self.shortcut_norm = nn.Identity() if self.pre else nn.BatchNorm2d(o)

    def forward(self, x):
        y = start = F.relu(self.norm1(x)) if self.pre else x
        y = self.conv1(y) if self.pre else F.relu(self.norm1(self.conv1(y)))
        if self.blurs:  # a triangle of three; pixels beyond the border do not count
            y = F.avg_pool2d(F.avg_pool2d(y, 2, 1, 1, count_include_pad=False), 2)
        y = self.conv2(F.relu(self.norm2(y))) if self.pre else self.norm2(self.conv2(y))
        if hasattr(self, "se"):
            gate = self.se["up"](F.relu(self.se["down"](y.mean((2, 3)))))
            y = y * torch.sigmoid(gate)[:, :, None, None]
        if hasattr(self, "shortcut"):
            short = F.avg_pool2d(start, 2, ceil_mode=True) if self.pools else start
            x = self.shortcut_norm(self.shortcut(short))
        return x + y if self.pre else F.relu(x + y)


class ResNet(nn.Module):
    def __init__(self, name, classes, options):
        super().__init__()
        widths, blocks, stride, se = RESNETS[name]
        se = {"auto": se, "on": True, "off": False}[options["se"]]
        widths = [scaled(width, options["width"]) for width in widths]
        pre, self.order, i = options["block"] == "pre", [], widths[0]
        self.stem = conv(1, i, stride=options["stem_stride"] or stride)
        self.stem_norm = nn.Identity() if pre else nn.BatchNorm2d(i)
        for stage, o in enumerate(widths):
            for block in range(blocks):
                self.order.append(f"stage{stage + 1}_block{block + 1}")
                halves = stage > 0 and block == 0
                self.add_module(self.order[-1], Block(i, o, 2 if halves else 1, se, options))
                i = o
        self.last_norm = nn.BatchNorm2d(i) if pre else nn.Identity()
        self.pre, self.logits = pre, nn.Linear(i, classes)

    def forward(self, x):
        x = self.stem(x) if self.pre else F.relu(self.stem_norm(self.stem(x)))
        for name in self.order:
            x = self.get_submodule(name)(x)
        x = F.relu(self.last_norm(x)) if self.pre else x
        return self.logits(x.mean((2, 3)))


class SeedCnn(nn.Module):
    def __init__(self, name, classes, options):
        super().__init__()
        self.conv1, self.conv2 = conv(1, 32, bias=True), conv(32, 64, bias=True)
        self.conv3, self.dense = conv(64, 128, bias=True), nn.Linear(128 * 6 * 6, 128)
        self.logits = nn.Linear(128, classes)

    def forward(self, x):
        for layer in (self.conv1, self.conv2, self.conv3):
            x = F.max_pool2d(F.relu(layer(x)), 2)
        return self.logits(F.relu(self.dense(x.flatten(1))))


class Vgg8(nn.Module):
    def __init__(self, name, classes, options):
        super().__init__()
        widths = [1] + [scaled(64 << layer // 2, options["width"]) for layer in range(8)]
        for n in range(1, 9):
            self.add_module(f"conv{n}", conv(widths[n - 1], widths[n]))
            self.add_module(f"norm{n}", nn.BatchNorm2d(widths[n]))
        self.logits = nn.Linear(widths[8], classes)

    def forward(self, x):
        for n in range(1, 9):
            x = F.max_pool2d(x, 2) if n in (3, 5, 7) else x
            x = F.relu(self.get_submodule(f"norm{n}")(self.get_submodule(f"conv{n}")(x)))
        return self.logits(x.mean((2, 3)))


def separable(i, o):
    deep = conv(i, i, groups=i)
    return nn.ModuleDict({"depthwise": deep, "pointwise": conv(i, o, 1), "norm": nn.BatchNorm2d(o)})


class MiniXception(nn.Module):
    def __init__(self, name, classes, options):
        super().__init__()
        widths = [scaled(8 << n, options["width"]) for n in range(5)]
        self.conv1, self.norm1 = conv(1, widths[0], padding=0), nn.BatchNorm2d(widths[0])
        self.conv2, self.norm2 = conv(widths[0], widths[0], padding=0), nn.BatchNorm2d(widths[0])
        for n in range(1, 5):
            i, o = widths[n - 1], widths[n]
            parts = {"conv1": separable(i, o), "conv2": separable(o, o)}
            parts |= {"shortcut": conv(i, o, 1, 2), "shortcut_norm": nn.BatchNorm2d(o)}
            self.add_module(f"module{n}", nn.ModuleDict(parts))
        self.logits = conv(widths[4], classes, bias=True)

    def forward(self, x):
        x = F.relu(self.norm1(self.conv1(x)))
        x = F.relu(self.norm2(self.conv2(x)))
        for n in range(1, 5):
            module, y = self.get_submodule(f"module{n}"), x
            for name in ("conv1", "conv2"):
                for part in module[name].values():
                    y = part(y)
                y = F.relu(y) if name == "conv1" else y
            x = F.max_pool2d(y, 3, 2, 1) + module["shortcut_norm"](module["shortcut"](x))
        return self.logits(x).mean((2, 3))


NETWORKS = {"seed-cnn": SeedCnn, "base": Vgg8, "mini-xception": MiniXception}


class Model(nn.Module):
    """Grey levels uint8 [N,48,48] -> calibrated probabilities [N,C], in the order of `labels`."""

    def __init__(self, path):
        super().__init__()
        with safe_open(path, "pt") as file:
            told = file.metadata()
            weights = {name: file.get_tensor(name) for name in file.keys()}
        options = {"width": 1, "stem_stride": 0, "se": "auto", "shortcut": "auto"}
        options |= {"downsample": "auto", "block": "auto"}
        options |= json.loads(told.get("architecture_options", "{}"))
        self.labels, self.input = json.loads(told["labels"]), json.loads(told["input"])
        self.temperature, name = float(told.get("temperature", 1)), told["architecture"]
        self.net = NETWORKS.get(name, ResNet)(name, len(self.labels), options)
        # What begins with training/ tells which images the model has seen.
        own = {key: value for key, value in weights.items() if not key.startswith("training/")}
        self.net.load_state_dict(own)  # which turns float16 into float32
        self.eval()

    def forward(self, faces):
        x = (faces[:, None].float() / 255 - self.input["mean"]) / self.input["deviation"]
        return torch.softmax(self.net(x) / self.temperature, 1)


if __name__ == "__main__":
    import numpy as np
    from PIL import Image

    model = Model(sys.argv[1])
    face = Image.open(sys.argv[2]).convert("L").resize((48, 48), Image.Resampling.BOX)
    with torch.inference_mode():
        probabilities = model(torch.from_numpy(np.array(face))[None])[0].tolist()
    for label, probability in zip(model.labels, probabilities, strict=True):
        print(f"{label} {probability:.4f}")
