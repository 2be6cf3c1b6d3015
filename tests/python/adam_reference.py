"""What torch.optim.Adam makes of given weights and gradients.

    python adam_reference.py IN.safetensors OUT.safetensors

IN holds `weight/NAME` and `gradients/NAME` [STEPS, ...] for some names, and `lr` [STEPS]; OUT gets
`weight/NAME` after all steps.
"""

import sys

import torch
from safetensors.torch import load_file, save_file


def main(source, target):
    given = load_file(source)
    weights = {k: torch.nn.Parameter(v) for k, v in given.items() if k.startswith("weight/")}
    optimizer = torch.optim.Adam(weights.values(), foreach=False, fused=False)
    for step, rate in enumerate(given["lr"].tolist()):
        optimizer.param_groups[0]["lr"] = rate
        for key, weight in weights.items():
            weight.grad = given[key.replace("weight/", "gradients/")][step].clone()
        optimizer.step()
    save_file({key: weight.detach() for key, weight in weights.items()}, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
