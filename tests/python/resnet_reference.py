"""A residual network in PyTorch with given weights: logits and gradients.

    python resnet_reference.py IN.safetensors OUT.safetensors STEM_STRIDE SHORTCUT DOWNSAMPLE BLOCK

IN holds the weights by the names of lib/fer/nn/resnet.cpp, `faces` [N,1,S,S] and `labels` [N];
statistics are those of the batch, as in training. OUT gets `logits`, and `gradient/NAME` of the mean
cross-entropy.
"""

import re
import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file


class Net:
    def __init__(self, weights, stem_stride, shortcut, downsample, block):
        self.w, self.stem_stride = weights, stem_stride
        self.pools, self.blurs, self.pre = (
            shortcut == "pool",
            downsample == "blur",
            block == "pre",
        )

    def norm(self, x, name):
        return F.batch_norm(
            x, None, None, self.w[name + ".weight"], self.w[name + ".bias"], training=True
        )

    def excite(self, x, name):
        if f"{name}.se.down.weight" not in self.w:
            return x
        gate = x.mean((2, 3))
        for layer, function in (("down", F.relu), ("up", torch.sigmoid)):
            gate = function(
                F.linear(
                    gate, self.w[f"{name}.se.{layer}.weight"], self.w[f"{name}.se.{layer}.bias"]
                )
            )
        return x * gate[:, :, None, None]

    @staticmethod
    def blur(x):
        """[1,2,1] x [1,2,1] where it fits; at the border what hangs over counts for nothing."""
        ones = torch.ones(x.shape[1], 1, 2, 2)
        count = F.conv2d(torch.ones_like(x), ones, padding=1, groups=x.shape[1])
        once = F.conv2d(x, ones, padding=1, groups=x.shape[1]) / count
        return F.conv2d(once, ones / 4, stride=2, groups=x.shape[1])

    def block(self, x, name, stride):
        entry = F.relu(self.norm(x, name + ".norm1")) if self.pre else x
        y = F.conv2d(
            entry, self.w[name + ".conv1.weight"], stride=1 if self.blurs else stride, padding=1
        )
        if not self.pre:
            y = F.relu(self.norm(y, name + ".norm1"))
        if self.blurs and stride == 2:
            y = self.blur(y)
        if self.pre:
            y = F.relu(self.norm(y, name + ".norm2"))
        y = F.conv2d(y, self.w[name + ".conv2.weight"], padding=1)
        if not self.pre:
            y = self.norm(y, name + ".norm2")
        y = self.excite(y, name)
        short = x
        if name + ".shortcut.weight" in self.w:
            short = entry
            if self.pools and stride == 2:
                short = F.avg_pool2d(short, 2)
            short = F.conv2d(
                short, self.w[name + ".shortcut.weight"], stride=1 if self.pools else stride
            )
            if not self.pre:
                short = self.norm(short, name + ".shortcut_norm")
        return short + y if self.pre else F.relu(short + y)

    def __call__(self, faces):
        x = F.conv2d(faces, self.w["stem.weight"], stride=self.stem_stride, padding=1)
        if not self.pre:
            x = F.relu(self.norm(x, "stem_norm"))
        names = sorted({m[0] for k in self.w if (m := re.match(r"stage\d_block\d", k))})
        for name in names:
            x = self.block(x, name, 2 if name[5] != "1" and name.endswith("block1") else 1)
        if self.pre:
            x = F.relu(self.norm(x, "last_norm"))
        return F.linear(x.mean((2, 3)), self.w["logits.weight"], self.w["logits.bias"])


def main(source, target, stem_stride, *style):
    given = load_file(source)
    faces, labels = given.pop("faces"), given.pop("labels")
    weights = {
        k: v.requires_grad_()
        for k, v in given.items()
        if not k.endswith(("running_mean", "running_var", "num_batches_tracked"))
    }
    logits = Net(weights, int(stem_stride), *style)(faces)
    F.cross_entropy(logits, labels).backward()
    result = {"gradient/" + name: weight.grad for name, weight in weights.items()}
    save_file({"logits": logits.detach(), **result}, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
