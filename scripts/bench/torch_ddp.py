"""Trains nano on FER2013 in PyTorch by several processes; prints its speed as JSON.

    torch_ddp.py FILE --ranks N [--epochs 2]

DistributedDataParallel over Gloo, as PyTorch's tutorial has it, with one thread a process; with one rank
the network alone. As fast as eager PyTorch gets: all images in memory, a batch flipped and rotated in one
grid sample, channels_last, a fused optimizer, memory kept by the allocator (torch_train.py, tuned). Whole
batches of 128, SGD with momentum. The batch normalisation measures a rank's share of a batch.
"""

import argparse
import json
import os
import socket
import time

import allocator
import torch
import torch.distributed
import torch.multiprocessing
from networks import Nano
from torch.nn import functional
from torch.nn.parallel import DistributedDataParallel
from torch_train import flip_and_rotate, load_splits

BATCH_SIZE = 128


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="FER2013 as Kaggle's CSV")
    parser.add_argument("--ranks", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=2)
    return parser.parse_args()


def train(rank: int, arguments: argparse.Namespace, port: int) -> None:
    torch.set_num_threads(1)
    allocator.keep_pages()
    torch.manual_seed(0)
    model = Nano().to(memory_format=torch.channels_last)
    if arguments.ranks > 1:
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(port))
        torch.distributed.init_process_group("gloo", rank=rank, world_size=arguments.ranks)
        model = DistributedDataParallel(model)
    images, labels = load_splits(arguments.file)[0]
    levels = torch.from_numpy(images).unsqueeze(1).float().div_(255).sub_(0.508).div_(0.255)
    labels = torch.from_numpy(labels)
    optimizer = torch.optim.SGD(
        model.parameters(), lr=0.01, momentum=0.9, nesterov=True, weight_decay=5e-4, fused=True
    )
    share = BATCH_SIZE // arguments.ranks
    speeds = []
    for _ in range(arguments.epochs):
        start = time.perf_counter()
        order = torch.randperm(len(labels))  # the same seed on all ranks
        for first in range(rank * share, len(labels), BATCH_SIZE):
            chosen = order[first : first + share]
            optimizer.zero_grad()
            logits = model(flip_and_rotate(levels[chosen]))
            functional.cross_entropy(logits, labels[chosen]).backward()
            optimizer.step()
        speeds.append(len(labels) / (time.perf_counter() - start))
    if rank == 0:
        print(json.dumps({"images": len(labels), "images_per_second": speeds[-1]}), flush=True)
    if arguments.ranks > 1:
        torch.distributed.barrier()  # a rank that ends early may abort the other
        torch.distributed.destroy_process_group()


def main() -> None:
    arguments = parse_arguments()
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    torch.multiprocessing.spawn(train, (arguments, port), nprocs=arguments.ranks)


if __name__ == "__main__":
    main()
