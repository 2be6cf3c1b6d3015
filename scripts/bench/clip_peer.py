"""Names the expressions in a video as people do in Python: one loop, printed as CSV.

    clip_peer.py MODEL_ONNX CENTERFACE_ONNX THREADS VIDEO

The detector runs in OpenCV, with the same 320x320 input and thresholds as fer-predict's; a face is
the square around its box, a tenth larger, grey, 48x48.
"""

import sys

import cv2
import numpy as np
from runtimes import RUNTIMES

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
SIDE, STRIDE = 320, 4
LEAST_SCORE, MOST_OVERLAP = 0.35, 0.3
MARGIN = 1.1
OUTPUTS = ("537", "538", "539", "540")


def find_faces(detector: cv2.dnn.Net, frame: np.ndarray) -> list[np.ndarray]:
    """Boxes x, y, width, height in pixels of the frame."""
    height, width = frame.shape[:2]
    scale = SIDE / max(height, width)
    square = np.zeros((SIDE, SIDE, 3), np.uint8)
    small = cv2.resize(
        frame, (round(width * scale), round(height * scale)), interpolation=cv2.INTER_AREA
    )
    square[: small.shape[0], : small.shape[1]] = small
    detector.setInput(cv2.dnn.blobFromImage(square, swapRB=True))
    heat, size, offset, _ = detector.forward(OUTPUTS)
    rows, columns = np.where(heat[0, 0] >= LEAST_SCORE)
    if not len(rows):
        return []
    heights = np.exp(size[0, 0, rows, columns]) * STRIDE
    widths = np.exp(size[0, 1, rows, columns]) * STRIDE
    left = (columns + offset[0, 1, rows, columns] + 0.5) * STRIDE - widths / 2
    top = (rows + offset[0, 0, rows, columns] + 0.5) * STRIDE - heights / 2
    boxes = np.stack([left, top, widths, heights], axis=1)
    scores = heat[0, 0, rows, columns]
    kept = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), LEAST_SCORE, MOST_OVERLAP)
    return [boxes[i] / scale for i in np.array(kept).flatten()]


def cut_out(frame: np.ndarray, box: np.ndarray) -> np.ndarray:
    x, y, width, height = box
    side = MARGIN * max(width, height)
    left, top = round(x + width / 2 - side / 2), round(y + height / 2 - side / 2)
    right, bottom = left + round(side), top + round(side)
    pad = max(0, -left, -top, right - frame.shape[1], bottom - frame.shape[0])
    if pad:
        frame = cv2.copyMakeBorder(frame, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    crop = frame[top + pad : bottom + pad, left + pad : right + pad]
    grey = cv2.cvtColor(crop, cv2.COLOR_BGR2GRAY)
    return cv2.resize(grey, (48, 48), interpolation=cv2.INTER_AREA)


def main() -> None:
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    model, centerface, threads, video = sys.argv[1:]
    cv2.setNumThreads(int(threads))
    detector = cv2.dnn.readNetFromONNX(centerface)
    classify = RUNTIMES["onnxruntime"]("", model, None, int(threads))
    capture = cv2.VideoCapture(video)
    print("frame", "label", *LABELS, sep=",")
    number = 0
    while True:
        more, frame = capture.read()
        if not more:
            break
        boxes = find_faces(detector, frame)
        if boxes:
            for row in classify(np.stack([cut_out(frame, box) for box in boxes])):
                print(number, LABELS[row.argmax()], *row, sep=",")
        else:
            print(number, *[""] * (1 + len(LABELS)), sep=",")
        number += 1


if __name__ == "__main__":
    main()
