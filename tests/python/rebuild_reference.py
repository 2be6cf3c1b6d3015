"""What python/rebuild.py makes of models: python rebuild_reference.py FOLDER

FOLDER holds faces.safetensors, with `faces` uint8 [N,48,48], and models, NUMBER.safetensors. Beside each
comes NUMBER.out, a safetensors file with its `probabilities`.
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

sys.path.insert(0, str(Path(__file__).parents[2] / "python"))
import rebuild

folder = Path(sys.argv[1])
faces = load_file(folder / "faces.safetensors")["faces"]
for path in folder.glob("[0-9]*.safetensors"):
    with torch.inference_mode():
        probabilities = rebuild.Model(path)(faces)
    save_file({"probabilities": probabilities}, path.with_suffix(".out"))
