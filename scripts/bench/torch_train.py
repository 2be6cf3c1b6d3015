"""Trains the seed's network on FER2013 in PyTorch, in three ways; prints its times as JSON.

    torch_train.py usual|tuned|compiled FILE [--epochs 2] [--threads N]

usual: as people write it. A Dataset that flips and rotates one picture at a time with Pillow, a
DataLoader with as many workers as threads.

tuned: as fast as eager PyTorch gets. All images in memory as one normalised tensor, a batch flipped
and rotated in one grid sample, channels_last, pooling before ReLU, fused Adam, memory kept by the
allocator.

compiled: the tuned one, its network through torch.compile.

The recipe of configs/seed.json in all: 683,527 parameters, Adam at 1e-3, batches of 64, random flip
and rotation by up to 10 degrees, float32 on the CPU; validation on PublicTest after each epoch.
"""

import argparse
import json
import math
import os
import time

import allocator
import numpy as np
import pandas_csv
import torch
from networks import SeedCnn
from PIL import Image, ImageOps
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset

BATCH_SIZE = 64
DEGREES = 10.0
MEAN, DEVIATION = 0.508, 0.255


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("way", choices=("usual", "tuned", "compiled"))
    parser.add_argument("file", help="FER2013 as Kaggle's CSV")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    return parser.parse_args()


def load_splits(path: str) -> list[tuple[np.ndarray, np.ndarray]]:
    """Returns (images [N,48,48] uint8, labels [N] int64) for Training and for PublicTest."""
    images, labels, usage = pandas_csv.load(path)
    labels = labels.astype(np.int64)
    return [(images[usage == name], labels[usage == name]) for name in ("Training", "PublicTest")]


class Pictures(Dataset):
    """One picture at a time through Pillow, as torchvision's transforms do it."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, augmented: bool):
        self.images, self.labels, self.augmented = images, labels, augmented

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int):
        picture = Image.fromarray(self.images[index])
        if self.augmented:
            if torch.rand(1).item() < 0.5:
                picture = ImageOps.mirror(picture)
            angle = torch.empty(1).uniform_(-DEGREES, DEGREES).item()
            picture = picture.rotate(angle, resample=Image.Resampling.BILINEAR)
        levels = torch.from_numpy(np.array(picture)).unsqueeze(0).float().div(255)
        return levels.sub(MEAN).div(DEVIATION), self.labels[index]


def picture_loader(images, labels, augmented: bool, threads: int) -> DataLoader:
    return DataLoader(
        Pictures(images, labels, augmented),
        batch_size=BATCH_SIZE,
        shuffle=augmented,
        num_workers=threads,
        persistent_workers=True,
    )


class ResidentBatches:
    """Batches of images that lie in memory as they go into the network, but for augmentation."""

    def __init__(self, images: np.ndarray, labels: np.ndarray, augmented: bool):
        levels = torch.from_numpy(images).unsqueeze(1).float().div_(255)
        self.levels = levels.sub_(MEAN).div_(DEVIATION)
        self.labels = torch.from_numpy(labels)
        self.augmented = augmented

    def __iter__(self):
        order = torch.randperm(len(self.labels)) if self.augmented else None
        for start in range(0, len(self.labels), BATCH_SIZE):
            if order is None:
                end = start + BATCH_SIZE
                yield self.levels[start:end], self.labels[start:end]
            else:
                chosen = order[start : start + BATCH_SIZE]
                yield flip_and_rotate(self.levels[chosen]), self.labels[chosen]


def flip_and_rotate(levels: torch.Tensor) -> torch.Tensor:
    count = len(levels)
    angles = torch.empty(count).uniform_(-DEGREES, DEGREES).mul_(math.pi / 180)
    signs = torch.randint(2, (count,)).mul_(2).sub_(1)
    cosines, sines = angles.cos(), angles.sin()
    maps = torch.zeros(count, 2, 3)
    maps[:, 0, 0] = signs * cosines
    maps[:, 0, 1] = -signs * sines
    maps[:, 1, 0] = sines
    maps[:, 1, 1] = cosines
    grid = functional.affine_grid(maps, levels.shape, align_corners=False)
    return functional.grid_sample(levels, grid, padding_mode="border", align_corners=False)


def train_epoch(model, optimizer, batches) -> None:
    model.train()
    for levels, labels in batches:
        optimizer.zero_grad()
        functional.cross_entropy(model(levels), labels).backward()
        optimizer.step()


@torch.inference_mode()
def accuracy(model, batches) -> float:
    model.eval()
    right = count = 0
    for levels, labels in batches:
        right += (model(levels).argmax(1) == labels).sum()
        count += len(labels)
    return right.item() / count


def main() -> None:
    arguments = parse_arguments()
    usual = arguments.way == "usual"
    torch.set_num_threads(arguments.threads)
    if not usual:
        allocator.keep_pages()
    splits = load_splits(arguments.file)
    model = SeedCnn(pool_first=not usual)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=not usual)
    if usual:
        training, validation = (
            picture_loader(*split, augmented, arguments.threads)
            for split, augmented in zip(splits, (True, False))
        )
    else:
        training, validation = (
            ResidentBatches(*split, augmented) for split, augmented in zip(splits, (True, False))
        )
        model = model.to(memory_format=torch.channels_last)
    if arguments.way == "compiled":
        # A smaller last batch is compiled separately, and the full batches keep their code.
        model = torch.compile(model, dynamic=False)
    seconds, accuracies = [], []
    for _ in range(arguments.epochs):
        start = time.perf_counter()
        train_epoch(model, optimizer, training)
        accuracies.append(accuracy(model, validation))
        seconds.append(time.perf_counter() - start)
    print(
        json.dumps(
            {
                "epoch_seconds": seconds,
                "train_images": len(splits[0][1]),
                "validation_images": len(splits[1][1]),
                "validation_accuracy": accuracies,
            }
        )
    )


if __name__ == "__main__":
    main()
