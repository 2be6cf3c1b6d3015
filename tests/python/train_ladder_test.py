"""scripts/train_ladder.py: rows go on from slice to slice, finished ones stay, failures are told."""

import pathlib
import subprocess
import sys
import tempfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/train_ladder.py"

# Its first start of a row runs until it is interrupted, as fer-train saves and exits; --resume ends it. Seed 9
# fails. Without --config (scripts/experiments.py asks for the defaults) it writes them down.
TRAIN = """
import signal, sys
def stop(*_): sys.exit(130)
signal.signal(signal.SIGINT, stop)
import json, pathlib, time
def option(name): return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else None
def finish(folder):
    (folder / "results.csv").write_text("epoch,train_loss,val_accuracy,val_balanced_accuracy,seconds\\n1,2.0,0.5,0.4,60\\n")
    sys.exit(0)
if option("--resume"):
    finish(pathlib.Path(option("--resume")))
if option("--seed") == "9":
    sys.exit(1)
folder = pathlib.Path(option("--output")) / ((option("--name") or "run") + "-1")
folder.mkdir(parents=True)
(folder / "config.json").write_text(json.dumps({"arch": "base", "seed": int(option("--seed") or 0), "epochs": 1}))
if not option("--config"):
    finish(folder)
(folder / "last.ckpt").touch()
while True: time.sleep(0.05)
"""
DATA = "import pathlib, sys\npathlib.Path(sys.argv[sys.argv.index('--output') + 1]).write_text('packed')\n"


def write_program(path: pathlib.Path, text: str) -> None:
    path.write_text(f"#!{sys.executable}\n{text}")
    path.chmod(0o755)


def ladder(folder: pathlib.Path, minutes: float, *rows: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [
            sys.executable,
            SCRIPT,
            *rows,
            "--minutes",
            str(minutes),
            "--output",
            folder / "runs",
            "--programs",
            folder,
            "--record",
            folder / "all.csv",
            "--data",
            "x.csv",
        ],
        capture_output=True,
        text=True,
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_program(folder / "fer-train", TRAIN)
        write_program(folder / "fer-data", DATA)
        first = ladder(folder, 0.08, "base:0", "base:9")
        assert first.returncode == 75, first.stderr
        assert "base:0 is saved" in first.stderr
        assert not (folder / "all.csv").exists()
        second = ladder(folder, 5, "base:0", "base:9")
        assert second.returncode == 1, second.stderr
        assert "base:9 failed with exit code 1" in second.stderr
        assert "--resume" in second.stderr
        assert (folder / "all.csv").read_text().count("base-0-1") == 1
        third = ladder(folder, 5, "base:0")
        assert third.returncode == 0, third.stderr
        assert "--resume" not in third.stderr and "--config" not in third.stderr
        none = ladder(folder, 0, "base:1")
        assert none.returncode == 75, none.stderr  # no time is no failure
        for bad in ("base", "nothing:0", "base:x"):
            assert ladder(folder, 1, bad).returncode == 2
    print("rows go on, stay finished, and fail loudly")


if __name__ == "__main__":
    main()
