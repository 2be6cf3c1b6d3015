"""What python/rebuild.py makes of models: python rebuild_reference.py FOLDER

FOLDER holds models, NUMBER.safetensors, and faces as each takes them, NUMBER.faces, with `faces`
uint8 [N,side,side] or [N,side,side,3]. Beside each comes NUMBER.out, with its `probabilities`. All
are safetensors files.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))
import rebuild

folder = Path(sys.argv[1])
for path in folder.glob("[0-9]*.safetensors"):
    faces = load_file(path.with_suffix(".faces"))["faces"]
    with torch.inference_mode():
        probabilities = rebuild.Model(path)(faces)
    save_file({"probabilities": probabilities}, path.with_suffix(".out"))
