"""scripts/bench/run.py: the parts of the benchmark run once, on a few drawn faces.

bench_test.py PROGRAMS: the folder of fer-data, fer-train, fer-eval, fer-predict and fer-bench. Peers whose
packages are not in this Python are left out, and it says so; those that are here have to run and to say what
we say. Parts that only combine what others run (infer-avx2, infer-auto, load, ranks) are left to
scripts/check_all.sh, which runs the whole benchmark with every peer.
"""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SKIPPED = 77
NEEDED = (
    "numpy",
    "PIL",
    "torch",
    "safetensors",
    "pandas",
    "onnx",
    "onnxscript",
    "onnxruntime",
    "cv2",
)
TRAINING, VALIDATION = 448, 70
# What each part compares us with here. What these need is NEEDED.
PEERS = {
    "csv": {"pandas + fromstring", "pandas + split"},
    "train": {"PyTorch, as usual", "PyTorch, tuned"},
    "infer": {"ONNX Runtime", "PyTorch"},
    "start": {"OpenCV + ONNX Runtime", "OpenCV + PyTorch"},
    "folder": {"OpenCV + ONNX Runtime"},
    "clip": {"Python loop: OpenCV + ONNX Runtime"},
    "serve": set(),  # FastAPI is in scripts/bench-requirements.txt alone
    "time-to-accuracy": set(),
}


def drawn_faces(programs: pathlib.Path, folder: pathlib.Path) -> pathlib.Path:
    """Synthetic faces as FER2013's CSV; returns its path."""
    import numpy as np
    from PIL import Image

    faces = folder / "faces"
    subprocess.run(
        [
            programs / "fer-data",
            "synth",
            "--output",
            faces,
            "--count",
            str(TRAINING + VALIDATION),
            "--quiet",
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    labels = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
    rows = ["emotion,pixels,Usage"]
    for number, path in enumerate(sorted(faces.rglob("*.png"), key=lambda path: path.name)):
        pixels = " ".join(map(str, np.asarray(Image.open(path)).flatten()))
        usage = "Training" if number < TRAINING else "PublicTest"
        rows.append(f"{labels.index(path.parent.name)},{pixels},{usage}")
    table = folder / "faces.csv"
    table.write_text("\n".join(rows) + "\n")
    return table


def short_video(folder: pathlib.Path) -> pathlib.Path:
    import cv2

    path = folder / "clip.avi"
    video = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 10, (320, 240))
    picture = cv2.resize(cv2.imread(str(ROOT / "docs/images/synthetic-faces.png")), (320, 240))
    for _ in range(6):
        video.write(picture)
    video.release()
    return path


def run_all(programs: pathlib.Path, folder: pathlib.Path) -> dict:
    """The report of scripts/bench/run.py --quick over these parts."""
    report = folder / "report.json"
    chosen = [word for part in PEERS for word in ("--only", part)]
    command = [
        sys.executable, ROOT / "scripts/bench/run.py", "--quick", "--strict", *chosen,
        "--data", drawn_faces(programs, folder), "--clip", short_video(folder), "--programs", programs,
        "--threads", "2", "--json", report, "--cache", folder / "cache", "--leave-out", "PyTorch, compiled",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    print(done.stdout, done.stderr, sep="\n")
    assert done.returncode == 0, f"exit {done.returncode}"
    return json.loads(report.read_text())


def check(report: dict, programs: pathlib.Path) -> None:
    parts = {part["name"]: part for part in report["benchmarks"]}
    expected = dict(PEERS)
    if not (ROOT / ".deps/detectors/centerface.onnx").is_file():
        del expected["clip"]  # and it says so
    photos = pathlib.Path(os.environ.get("FER_SHARED", ROOT.parent / "shared"), "data", "photos")
    if not (photos / "one_face_480p.jpg").is_file() or not (programs / "fer-serve").is_file():
        del expected["serve"]
    assert parts.keys() == expected.keys(), sorted(parts)
    for name, peers in expected.items():
        ran = {peer for peer, rounds in parts[name]["rounds"].items() if rounds}
        assert peers <= ran, f"{name}: {sorted(peers - ran)} did not run"
        for peer, why in parts[name]["failures"].items():
            assert "not installed" in why or "--leave-out" in why, f"{name}: {peer}: {why}"
        for row in parts[name]["summary"]:
            assert row["median"] >= 0, row


def main() -> int:
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        print(f"skipped: this Python lacks {', '.join(missing)}")
        return SKIPPED
    programs = pathlib.Path(os.path.abspath(sys.argv[1]))
    with tempfile.TemporaryDirectory() as name:
        check(run_all(programs, pathlib.Path(name)), programs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
