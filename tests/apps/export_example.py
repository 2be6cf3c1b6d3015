import json
import sys

import numpy as np
import onnxruntime
from PIL import Image

session = onnxruntime.InferenceSession(sys.argv[1])  # nano.onnx
labels = json.loads(session.get_modelmeta().custom_metadata_map["labels"])
face = Image.open(sys.argv[2]).convert("L").resize((48, 48))
faces = np.asarray(face)[np.newaxis]  # uint8 [N,48,48], any N
probabilities = session.run(None, {"faces": faces})[0]
print(labels[probabilities[0].argmax()], probabilities[0].max())
