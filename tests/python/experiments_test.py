"""scripts/experiments.py: runs become lines, once each."""

import csv
import json
import pathlib
import subprocess
import sys
import tempfile

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/experiments.py"
DEFAULTS = {"arch": "seed-cnn", "seed": 0, "epochs": 50, "lr": 0.001, "mixup": 0.0}
HEADER = "epoch,train_loss,val_accuracy,val_balanced_accuracy,seconds\n"


def write_run(folder: pathlib.Path, options: dict, rows: str) -> None:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(DEFAULTS | options))
    (folder / "results.csv").write_text(HEADER + rows)


def write_program(path: pathlib.Path) -> None:
    """A fer-train that writes down its defaults."""
    path.write_text(
        f"#!{sys.executable}\nimport pathlib, sys\n"
        "out = pathlib.Path(sys.argv[sys.argv.index('--output') + 1]) / 'run-1'\nout.mkdir()\n"
        f"(out / 'config.json').write_text({json.dumps(json.dumps(DEFAULTS))})\n"
    )
    path.chmod(0o755)


def add(folder: pathlib.Path, *runs: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [
            sys.executable,
            SCRIPT,
            *[folder / run for run in runs],
            "--output",
            folder / "all.csv",
            "--program",
            folder / "fer-train",
            "--note",
            "a test",
        ],
        capture_output=True,
        text=True,
    )


def lines(folder: pathlib.Path) -> list[dict]:
    with open(folder / "all.csv", newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_program(folder / "fer-train")
        write_run(
            folder / "runs/one-1",
            {"lr": 0.1, "arch": "nano"},
            "1,1.5,0.4,0.3,60\n2,1.25,0.512,0.4444,60\n3,1,0.5,0.45,60\n",
        )
        write_run(folder / "runs/sweep/lr_seed=1/run-1", {"seed": 1}, "1,1.5,0.4,0.3,30\n")

        end = add(folder, "runs")
        assert end.returncode == 0, end.stderr
        first = {line["name"]: line for line in lines(folder)}
        assert set(first) == {"one-1", "lr_seed=1/run-1"}, first
        one = first["one-1"]
        # The kept epoch is that of the best accuracy; only what differs from the defaults is told.
        assert (one["kept_epoch"], one["val_accuracy"], one["val_balanced_accuracy"]) == (
            "2",
            "51.20",
            "44.44",
        ), one
        assert (one["minutes"], one["epochs_run"], one["options"]) == ("3.0", "3", "lr=0.1"), one

        # A run that went on takes its old line's place.
        with open(folder / "runs/one-1/results.csv", "a") as file:
            file.write("4,0.9,0.6,0.5,60\n")
        assert add(folder, "runs/one-1").returncode == 0
        again = {line["name"]: line for line in lines(folder)}
        assert len(again) == 2 and again["one-1"]["val_accuracy"] == "60.00", again

        # What was kept is what the run looked at.
        write_run(
            folder / "runs/two-1",
            {"monitor": "val_balanced_accuracy"},
            "1,1.5,0.5,0.3,60\n2,1.25,0.4,0.45,60\n",
        )
        assert add(folder, "runs/two-1").returncode == 0
        two = next(line for line in lines(folder) if line["name"] == "two-1")
        assert two["kept_epoch"] == "2", two

        (folder / "empty").mkdir()
        for bad in ("empty", "nowhere"):
            end = add(folder, bad)
            assert end.returncode == 1 and bad in end.stderr, end


if __name__ == "__main__":
    main()
