"""The learning rates of PyTorch's schedulers, a step a batch.

    python schedule_reference.py OUT.safetensors

OUT gets float64 vectors of the factor on a highest rate of 1 before each step of 50: 10 epochs of 5
steps. `scores` of the plateau case are those of schedule_test.cpp.
"""

import sys

import torch
from safetensors.torch import save_file
from torch.optim import lr_scheduler

STEPS, EPOCHS = 50, 10
SCORES = [0.3, 0.4, 0.4, 0.35, 0.39, 0.38, 0.41, 0.40, 0.40, 0.40]


def fresh():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)


def each_step(make):
    optimizer = fresh()
    scheduler = make(optimizer)
    rates = []
    for _ in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return torch.tensor(rates, dtype=torch.float64)


def plateau():
    optimizer = fresh()
    scheduler = lr_scheduler.ReduceLROnPlateau(
        optimizer, mode="max", factor=0.5, patience=1, threshold=0.0
    )
    rates = []
    for score in SCORES:
        rates += [optimizer.param_groups[0]["lr"]] * (STEPS // EPOCHS)
        scheduler.step(score)
    return torch.tensor(rates, dtype=torch.float64)


def main(target):
    per_epoch = STEPS // EPOCHS
    one_cycle = {"max_lr": 1.0, "total_steps": STEPS, "cycle_momentum": False}
    save_file(
        {
            "onecycle": each_step(
                lambda o: lr_scheduler.OneCycleLR(o, final_div_factor=1e4, **one_cycle)
            ),
            "onecycle_short": each_step(
                lambda o: lr_scheduler.OneCycleLR(
                    o, pct_start=2 / EPOCHS, final_div_factor=1e4, **one_cycle
                )
            ),
            "cosine": each_step(
                lambda o: lr_scheduler.CosineAnnealingLR(o, T_max=STEPS, eta_min=0.1)
            ),
            "step": each_step(lambda o: lr_scheduler.StepLR(o, step_size=3 * per_epoch, gamma=0.2)),
            "plateau": plateau(),
        },
        target,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
