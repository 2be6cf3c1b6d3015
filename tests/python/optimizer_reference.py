"""What torch.optim makes of given weights and gradients.

    python optimizer_reference.py IN.safetensors OUT.safetensors NAME DECAY MOMENTUM CLIP

NAME is adam, adamw or sgd (with Nesterov's momentum); tensors of one dimension are not decayed; CLIP
is the largest norm of all gradients, 0 for none. IN holds `weight/NAME` and `gradients/NAME`
[STEPS, ...] for some names, and `lr` [STEPS]; OUT gets `weight/NAME` after all steps, and of their
average with a decay of 0.9 `average/NAME`.
"""

import sys

import torch
from safetensors.torch import load_file, save_file
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn


def make(name, groups, momentum):
    plain = {"foreach": False, "fused": False}
    if name == "sgd":
        return torch.optim.SGD(groups, lr=1.0, momentum=momentum, nesterov=momentum > 0, **plain)
    return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name](groups, **plain)


def main(source, target, name, decay, momentum, clip):
    given = load_file(source)
    weights = {k: torch.nn.Parameter(v) for k, v in given.items() if k.startswith("weight/")}
    groups = [
        {"params": [w for w in weights.values() if w.dim() > 1], "weight_decay": float(decay)},
        {"params": [w for w in weights.values() if w.dim() < 2], "weight_decay": 0.0},
    ]
    optimizer = make(name, groups, float(momentum))
    holder = torch.nn.ParameterList(weights.values())
    average = AveragedModel(holder, multi_avg_fn=get_ema_multi_avg_fn(0.9))
    for step, rate in enumerate(given["lr"].tolist()):
        for group in optimizer.param_groups:
            group["lr"] = rate
        for key, weight in weights.items():
            weight.grad = given[key.replace("weight/", "gradients/")][step].clone()
        if float(clip) > 0:
            torch.nn.utils.clip_grad_norm_(weights.values(), float(clip))
        optimizer.step()
        average.update_parameters(holder)
    result = {key: weight.detach() for key, weight in weights.items()}
    for key, mean in zip(weights, average.module, strict=True):
        result[key.replace("weight/", "average/")] = mean.detach().clone()
    save_file(result, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
