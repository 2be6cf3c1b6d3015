"""Any model file of fer in PyTorch, by the names of its weights (docs/formats.md).

python rebuild.py MODEL.safetensors FACE.png    the probabilities of a picture that is a face

Half of it is the options of the residual networks; one family alone takes 60 lines.
"""

import json
import sys

import torch
from safetensors import safe_open
from torch.nn import functional as F


class Model:
    """Levels uint8 [N,side,side], of rgb [N,side,side,3] -> calibrated probabilities [N,C].

    They are in the order of `labels`; model.input says which faces it takes ("side", "channels").
    """

    def __init__(self, path):
        with safe_open(path, "pt") as file:
            told = file.metadata()
            self.weights = {name: file.get_tensor(name).float() for name in file.keys()}
        self.labels, self.input = json.loads(told["labels"]), json.loads(told["input"])
        self.options = json.loads(told.get("architecture_options", "{}"))
        self.blurs = self.options.get("downsample") == "blur"
        self.architecture = told["architecture"]
        self.temperature = float(told.get("temperature", 1))

    def __call__(self, faces):
        networks = {"seed-cnn": self.seed_cnn, "base": self.vgg, "mini-xception": self.xception}
        x = faces[:, None] if faces.ndim == 3 else faces.permute(0, 3, 1, 2)
        rules = [self.input, *self.input.get("other_channels", [])]
        mean, deviation = (
            torch.tensor([rule[key] for rule in rules])[:, None, None]
            for key in ("mean", "deviation")
        )
        x = (x.float() / 255 - mean) / deviation
        return torch.softmax(networks.get(self.architecture, self.resnet)(x) / self.temperature, 1)

    def conv(self, name, x, stride=1, padding=None):
        weight, bias = self.weights[f"{name}.weight"], self.weights.get(f"{name}.bias")
        padding = weight.shape[2] // 2 if padding is None else padding
        return F.conv2d(x, weight, bias, stride, padding, groups=x.shape[1] // weight.shape[1])

    def norm(self, name, x):
        parts = ("running_mean", "running_var", "weight", "bias")
        return F.batch_norm(x, *(self.weights[f"{name}.{part}"] for part in parts))

    def dense(self, name, x):
        return F.linear(x, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def seed_cnn(self, x):
        for n in (1, 2, 3):
            x = F.max_pool2d(F.relu(self.conv(f"conv{n}", x)), 2)
        return self.dense("logits", F.relu(self.dense("dense", x.flatten(1))))

    def vgg(self, x):
        for n in range(1, 9):
            x = F.max_pool2d(x, 2) if n in (3, 5, 7) else x
            x = F.relu(self.norm(f"norm{n}", self.conv(f"conv{n}", x)))
        return self.dense("logits", x.mean((2, 3)))

    def xception(self, x):
        for n in (1, 2):
            x = F.relu(self.norm(f"norm{n}", self.conv(f"conv{n}", x, padding=0)))
        for module in ("module1", "module2", "module3", "module4"):
            y = F.relu(self.separable(f"{module}.conv1", x))
            y = F.max_pool2d(self.separable(f"{module}.conv2", y), 3, 2, 1)
            short = self.conv(f"{module}.shortcut", x, stride=2)
            x = y + self.norm(f"{module}.shortcut_norm", short)
        return self.conv("logits", x).mean((2, 3))

    def separable(self, name, x):
        x = self.conv(f"{name}.pointwise", self.conv(f"{name}.depthwise", x))
        return self.norm(f"{name}.norm", x)

    def resnet(self, x):
        pre = self.options.get("block") == "pre"
        usual = 2 if self.architecture == "nano" else 1
        x = self.conv("stem", x, self.options.get("stem_stride") or usual)
        x = x if pre else F.relu(self.norm("stem_norm", x))
        blocks = (name.split(".")[0] for name in self.weights if name.endswith(".conv1.weight"))
        for block in sorted(blocks):  # stage1_block1, stage1_block2, stage2_block1 …
            halves = block.endswith("block1") and not block.startswith("stage1")
            x = (self.pre_block if pre else self.post_block)(block, x, 2 if halves else 1)
        x = F.relu(self.norm("last_norm", x)) if pre else x
        return self.dense("logits", x.mean((2, 3)))

    def post_block(self, name, x, stride):
        y = F.relu(self.norm(f"{name}.norm1", self.first(name, x, stride)))
        y = self.norm(f"{name}.norm2", self.conv(f"{name}.conv2", self.blurred(y, stride)))
        return F.relu(self.excited(name, y) + self.short(name, x, x, stride))

    def pre_block(self, name, x, stride):
        start = F.relu(self.norm(f"{name}.norm1", x))
        y = self.blurred(self.first(name, start, stride), stride)
        y = self.conv(f"{name}.conv2", F.relu(self.norm(f"{name}.norm2", y)))
        return self.excited(name, y) + self.short(name, x, start, stride)

    def first(self, name, x, stride):
        return self.conv(f"{name}.conv1", x, 1 if self.blurs else stride)

    # triangle filter of width three; pixels beyond the border do not count
    def blurred(self, x, stride):
        if stride == 1 or not self.blurs:
            return x
        return F.avg_pool2d(F.avg_pool2d(x, 2, 1, 1, count_include_pad=False), 2)

    def excited(self, name, x):
        if f"{name}.se.up.weight" not in self.weights:
            return x
        gate = self.dense(f"{name}.se.down", x.mean((2, 3)))
        return x * torch.sigmoid(self.dense(f"{name}.se.up", F.relu(gate)))[:, :, None, None]

    def short(self, name, x, start, stride):
        if f"{name}.shortcut.weight" not in self.weights:
            return x
        if stride > 1 and self.options.get("shortcut") == "pool":
            start, stride = F.avg_pool2d(start, 2, ceil_mode=True), 1
        y = self.conv(f"{name}.shortcut", start, stride)
        return self.norm(f"{name}.shortcut_norm", y) if self.options.get("block") != "pre" else y


if __name__ == "__main__":
    import numpy as np
    from PIL import Image

    model = Model(sys.argv[1])
    side, colours = model.input["side"], "L" if model.input["channels"] == 1 else "RGB"
    face = Image.open(sys.argv[2]).convert(colours).resize((side, side), Image.Resampling.BOX)
    with torch.inference_mode():
        probabilities = model(torch.from_numpy(np.array(face))[None])[0].tolist()
    for label, probability in zip(model.labels, probabilities, strict=True):
        print(f"{label} {probability:.4f}")
