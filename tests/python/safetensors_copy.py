"""Reads a safetensors file with the format's own library and writes it again.

python safetensors_copy.py IN.safetensors OUT.safetensors
"""

import sys

from safetensors import safe_open
from safetensors.torch import save_file


def main(source, target):
    with safe_open(source, framework="pt") as file:
        save_file({key: file.get_tensor(key) for key in file.keys()}, target, file.metadata())


if __name__ == "__main__":
    main(*sys.argv[1:])
