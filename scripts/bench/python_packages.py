#!/usr/bin/env python3
"""ferkit beside PyPI's packages that name expressions: seconds and megabytes.

    scripts/bench/python_packages.py PHOTO NAME=INTERPRETER... [--rounds N]

NAME is ferkit, fer or deepface, INTERPRETER the Python of a virtual environment that has it. For each it
prints the size of that environment without pip, and, as medians over rounds in which they take turns: the
seconds and the largest memory of a process that finds the faces of PHOTO, and the seconds of the same picture
once all is loaded. What fails says so.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

PROGRAMS = {
    "ferkit": """
import ferkit
predictor = ferkit.Predictor()
faces = lambda path: [[face.label, face.probability] for face in predictor.predict(path)]
""",
    "fer": """
import cv2
try:
    from fer.fer import FER
except ImportError:
    from fer import FER
detector = FER()
def faces(path):
    found = detector.detect_emotions(cv2.imread(path))
    return [max(([k, float(v)] for k, v in face["emotions"].items()), key=lambda p: p[1]) for face in found]
""",
    "deepface": """
from deepface import DeepFace
def faces(path):
    found = DeepFace.analyze(path, actions=["emotion"], silent=True, enforce_detection=False)
    return [[face["dominant_emotion"], face["emotion"][face["dominant_emotion"]] / 100] for face in found]
""",
}
AFTERWARDS = """
import json, sys, time
first = faces(sys.argv[1])
times = []
for _ in range(5):
    start = time.perf_counter()
    faces(sys.argv[1])
    times.append(time.perf_counter() - start)
print("\\n" + json.dumps({"faces": first, "warm": sorted(times)[2]}))
"""


def once(program, interpreter, photo, again):
    """Seconds of the whole process, its megabytes, and what it printed."""
    code = program + (AFTERWARDS if again else "import sys\nfaces(sys.argv[1])\n")
    start = time.perf_counter()
    process = subprocess.Popen(
        [interpreter, "-c", code, photo], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    out, errors = process.communicate()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise RuntimeError(errors.strip().splitlines()[-1] if errors.strip() else "it failed")
    return seconds, out


def peak_megabytes(program, interpreter, photo):
    """Of a process of its own, by a child that only starts it."""
    words = [sys.executable, __file__, "--peak", interpreter, program, photo]
    return float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def size_of(interpreter):
    code = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(subprocess.check_output([interpreter, "-c", code], text=True).strip())
    skipped = ("pip", "setuptools", "wheel")
    files = (
        path
        for path in site.rglob("*")
        if path.is_file() and not path.relative_to(site).parts[0].startswith(skipped)
    )
    return sum(path.stat().st_size for path in files) / 1e6


def main():
    if sys.argv[1:2] == ["--peak"]:
        once(sys.argv[3], sys.argv[2], sys.argv[4], False)
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3)
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("photo")
    parser.add_argument("packages", nargs="+", metavar="NAME=INTERPRETER")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    packages = dict(word.split("=", 1) for word in options.packages)
    cold, warm, said, failed = {}, {}, {}, {}
    for _ in range(options.rounds):
        for name, interpreter in packages.items():
            if name in failed:
                continue
            try:
                seconds, _ = once(PROGRAMS[name], interpreter, options.photo, False)
                _, out = once(PROGRAMS[name], interpreter, options.photo, True)
            except RuntimeError as error:
                failed[name] = str(error)
                continue
            told = json.loads(out.strip().splitlines()[-1])
            cold.setdefault(name, []).append(seconds)
            warm.setdefault(name, []).append(told["warm"])
            said[name] = told["faces"]
    print("package   installed MB  from start s   memory MB  loaded s  faces")
    for name, interpreter in packages.items():
        if name in failed:
            print(f"{name:<9} {size_of(interpreter):12.0f}  failed: {failed[name]}")
            continue
        peak = peak_megabytes(PROGRAMS[name], interpreter, options.photo)
        faces = ", ".join(f"{label} {probability:.2f}" for label, probability in said[name])
        print(
            f"{name:<9} {size_of(interpreter):12.0f} {statistics.median(cold[name]):13.2f}"
            f" {peak:11.0f} {statistics.median(warm[name]):9.3f}  {faces}"
        )


if __name__ == "__main__":
    main()
