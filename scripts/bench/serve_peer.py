"""A service in Python: FastAPI, OpenCV's YuNet, ONNX Runtime.

    serve_peer.py MODEL DETECTOR PORT THREADS KIND

MODEL is what fer-model export writes (faces uint8 [N,48,48] -> probabilities), DETECTOR YuNet's ONNX file.

KIND is how THREADS cores are used:
  in-turn   an `async def` works on one picture after another, and OpenCV and ONNX Runtime divide each
            among the threads
  threads   Starlette's threads take a picture each, with a detector of their own
  workers   so many processes of one thread (uvicorn --workers), each taking one picture after another
"""

from __future__ import annotations

import os
import sys
import threading

import cv2
import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI, Request
from starlette.concurrency import run_in_threadpool

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
SIDE = 320


def make_service() -> FastAPI:
    """Of the words of main(), which workers find in the environment."""
    model, detector_file, threads, kind = os.environ["SERVE_PEER"].split("\n")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1 if kind == "workers" else int(threads)
    cv2.setNumThreads(int(threads) if kind == "in-turn" else 1)
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    local = threading.local()

    def detector() -> cv2.FaceDetectorYN:
        if not hasattr(local, "detector"):
            local.detector = cv2.FaceDetectorYN.create(detector_file, "", (SIDE, SIDE), 0.6)
        return local.detector

    def predict(body: bytes) -> dict:
        picture = cv2.imdecode(np.frombuffer(body, np.uint8), cv2.IMREAD_COLOR)
        scale = SIDE / max(picture.shape[:2])
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        square = cv2.copyMakeBorder(
            small, 0, SIDE - small.shape[0], 0, SIDE - small.shape[1], cv2.BORDER_CONSTANT
        )
        _, found = detector().detect(square)
        boxes = [] if found is None else [(row[:4] / scale).astype(int) for row in found]
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        crops = [
            cv2.resize(
                grey[max(0, y) : y + h, max(0, x) : x + w], (48, 48), interpolation=cv2.INTER_AREA
            )
            for x, y, w, h in boxes
        ]
        faces = []
        if crops:
            (rows,) = session.run(["probabilities"], {"faces": np.stack(crops)})
            for box, row in zip(boxes, rows):
                faces.append(
                    {
                        "box": [int(edge) for edge in box],
                        "label": LABELS[row.argmax()],
                        "probabilities": dict(zip(LABELS, map(float, row))),
                    }
                )
        return {"results": [{"faces": faces}]}

    service = FastAPI()

    @service.post("/predict")
    async def answer(request: Request) -> dict:
        body = await request.body()
        return await run_in_threadpool(predict, body) if kind == "threads" else predict(body)

    return service


def main() -> None:
    if len(sys.argv) != 6 or sys.argv[5] not in ("in-turn", "threads", "workers"):
        sys.exit(__doc__)
    model, detector, port, threads, kind = sys.argv[1:]
    os.environ["SERVE_PEER"] = "\n".join((model, detector, threads, kind))
    uvicorn.run(
        "serve_peer:make_service",
        factory=True,
        host="127.0.0.1",
        port=int(port),
        workers=int(threads) if kind == "workers" else None,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
