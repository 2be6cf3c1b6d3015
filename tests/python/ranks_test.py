"""Processes that train together end with what one process does, and end together when one fails.

    python3 tests/python/ranks_test.py PROGRAMS [CASE...]

Trains a small network on drawn faces, by fer-train --processes, by mpirun, by torchrun and by hand.
Exit code 77 where a case lacks what it needs. Needs the standard library alone.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

from killed_runs_test import outcome, results_of

RECIPE = {
    "arch": "nano",
    "width": 0.25,
    "dropout": 0.2,
    "epochs": 2,
    "batch_size": 60,
    "ghost_batch": 10,
    "sides": "24,32",
    "optimizer": "adamw",
    "schedule": "onecycle",
    "ema": 0.9,
}
IMAGES = 400
LONG = {"epochs": 500}  # long enough to be ended from outside
SECONDS = 30  # in which all ranks end when one has failed
SKIPPED = 77


class Skipped(Exception):
    """What the case needs is not there; the message says what."""


class Place:
    """A folder with the recipe, and the program to train in it."""

    def __init__(self, programs: pathlib.Path, folder: pathlib.Path):
        self.program = programs.resolve() / "fer-train"
        self.folder = folder
        (folder / "recipe.json").write_text(json.dumps(RECIPE))

    def words(self, name: str, *more: str, **options) -> list[str]:
        """A new run of this name."""
        flags = []
        for key, value in options.items():
            flags += [f"--{key.replace('_', '-')}", str(value)]
        return [
            *(str(self.program), "--quiet", "--threads", "1", "--config", "recipe.json"),
            *("--data", f"synthetic:{IMAGES}", "--output", "runs", "--name", name),
            *flags,
            *more,
        ]

    def resumed(self, name: str, *more: str) -> list[str]:
        return [str(self.program), "--quiet", "--threads", "1", "--resume", f"runs/{name}-1", *more]

    def run(self, name: str) -> pathlib.Path:
        return self.folder / f"runs/{name}-1"

    def start(self, command: list[str], **variables: str) -> subprocess.Popen:
        return subprocess.Popen(
            command,
            cwd=self.folder,
            env={**clean_environment(), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, command: list[str], **variables: str) -> str:
        return expect(self.start(command, **variables), 0)

    def undisturbed(self) -> dict:
        self.finish(self.words("whole"))
        return outcome(self.run("whole"))


def clean_environment() -> dict[str, str]:
    launchers = ("RANK", "WORLD_SIZE", "MASTER_", "OMPI_", "SLURM_", "TORCHELASTIC_", "FER_PROCESSES")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(launchers)}
    return {**kept, "OMP_WAIT_POLICY": "passive"}


def expect(process: subprocess.Popen, *codes: int, seconds: float = 120) -> str:
    """Waits for the process's end; what it said on stderr."""
    try:
        _, told = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        _, told = process.communicate()
        raise AssertionError(f"still runs after {seconds} seconds: {told}") from None
    assert process.returncode in codes, f"exit {process.returncode}, not {codes}: {told}"
    return told


def free_port() -> str:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return str(unused.getsockname()[1])


def children_of(process: subprocess.Popen) -> dict[int, int]:
    """The process of each rank."""
    ranks = {}
    listed = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    for child in map(int, listed.split()):
        for variable in pathlib.Path(f"/proc/{child}/environ").read_bytes().split(b"\0"):
            if variable.startswith(b"RANK="):
                ranks[int(variable[5:])] = child
    return ranks


def wait_for(path: pathlib.Path, process: subprocess.Popen, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not path.exists():
        if process.poll() is not None:
            raise AssertionError(f"ended without {path.name}: {process.communicate()[1]}")
        assert time.monotonic() < end, f"{path} is not there after {seconds} seconds"
        time.sleep(0.05)


def by_hand(place: Place, commands: list[list[str]], **variables: str) -> list[subprocess.Popen]:
    """A process for each command, as ranks of one run."""
    shared = {
        "WORLD_SIZE": str(len(commands)),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": free_port(),
        **variables,
    }
    return [
        place.start(command, RANK=str(rank), **shared) for rank, command in enumerate(commands)
    ]


def check_equal(place: Place, name: str, expected: dict) -> None:
    ended = outcome(place.run(name))
    for part, value in expected.items():
        assert ended[part] == value, f"{name}: {part} differs from what one process leaves"


def case_equal(place: Place) -> None:
    """Two, three and five processes leave the bits of one, dropout included."""
    expected = place.undisturbed()
    for count in (2, 3, 5):
        place.finish(place.words(f"of{count}", processes=count))
        check_equal(place, f"of{count}", expected)


def case_augmented(place: Place) -> None:
    """So do they with what varies a batch as a whole, several batches a step, and SAM."""
    options = {"noise": 6, "camera": 0.3, "erasing": 0.5, "contrast": 0.3}
    options |= {"accumulate": 2, "sam": "sam", "batch_size": 30}
    place.finish(place.words("whole", **options))
    place.finish(place.words("of2", processes=2, **options))
    check_equal(place, "of2", outcome(place.run("whole")))


def case_unequal(place: Place) -> None:
    """Ranks without a part of an epoch's last, small step take it, too."""
    options = {"batch_size": 390, "ghost_batch": 65, "epochs": 1}
    place.finish(place.words("whole", **options))
    place.finish(place.words("of4", processes=4, **options))
    check_equal(place, "of4", outcome(place.run("whole")))


def case_resume(place: Place) -> None:
    """A run goes on with another number of processes: two, one, three."""
    expected = place.undisturbed()
    process = place.start(place.words("moved", processes=2))
    wait_for(place.run("moved") / "config.json", process)
    time.sleep(1.0)
    process.send_signal(signal.SIGTERM)
    told = expect(process, 0, 130)
    assert (place.run("moved") / "last.ckpt").is_file(), told
    process = place.start(place.resumed("moved"))
    time.sleep(0.7)
    process.send_signal(signal.SIGTERM)
    expect(process, 0, 130)
    place.finish(place.resumed("moved", "--processes", "3"))
    check_equal(place, "moved", expected)


def case_killed(place: Place) -> None:
    """kill -9 of any rank ends all soon, and the run goes on from its last checkpoint."""
    for rank in (1, 0):
        name = f"killed{rank}"
        process = place.start(place.words(name, processes=2, checkpoint_minutes=0.001, **LONG))
        wait_for(place.run(name) / "last.ckpt", process)
        time.sleep(0.5)
        ranks = children_of(process)
        os.kill(ranks[rank], signal.SIGKILL)
        told = expect(process, 137, seconds=SECONDS)
        assert f"rank {rank}" in told and "signal 9" in told, told
        assert f"rank {rank} (" in told, f"the other does not say who is gone: {told}"
        for left in ranks.values():
            assert not pathlib.Path(f"/proc/{left}").exists(), "a rank still runs"
        before = len(results_of(place.run(name) / "results.csv"))
        place.finish(place.resumed(name, "--processes", "2", "--epochs", str(before + 1)))
        assert len(results_of(place.run(name) / "results.csv")) == before + 1


def case_exact_after_kill(place: Place) -> None:
    """What is killed in the middle of an epoch and resumed ends as if it never was."""
    expected = place.undisturbed()
    process = place.start(place.words("killed", processes=2, checkpoint_minutes=0.001))
    wait_for(place.run("killed") / "last.ckpt", process)
    os.kill(children_of(process)[1], signal.SIGKILL)
    expect(process, 137, seconds=SECONDS)
    place.finish(place.resumed("killed", "--processes", "3"))
    check_equal(place, "killed", expected)


def case_restarted(place: Place) -> None:
    """The same command goes on where the one before was killed, and is done once it is through."""
    expected = place.undisturbed()
    words = place.words("again", "--resume-last", processes=2, checkpoint_minutes=0.001)
    process = place.start(words)
    wait_for(place.run("again") / "last.ckpt", process)
    os.kill(children_of(process)[1], signal.SIGKILL)
    expect(process, 137, seconds=SECONDS)
    for _ in range(2):
        place.finish(words)
        check_equal(place, "again", expected)
    assert not (place.folder / "runs/again-2").exists()


def case_silent(place: Place) -> None:
    """A rank that hangs is taken for gone after some 20 seconds."""
    process = place.start(place.words("hangs", processes=2, **LONG))
    wait_for(place.run("hangs") / "results.csv", process)
    rank = children_of(process)[1]
    os.kill(rank, signal.SIGSTOP)
    try:
        told = expect(process, 1, seconds=SECONDS + 10)
    finally:
        if pathlib.Path(f"/proc/{rank}").exists():
            os.kill(rank, signal.SIGKILL)
    assert "has not answered" in told, told


def case_signal(place: Place) -> None:
    """A signal to one rank stops all behind one step, and all is saved."""
    process = place.start(place.words("stopped", processes=3, **LONG))
    wait_for(place.run("stopped") / "results.csv", process)
    os.kill(children_of(process)[2], signal.SIGTERM)
    told = expect(process, 130, seconds=SECONDS)
    assert "interrupted and saved" in told, told


def case_parent(place: Place) -> None:
    """The processes do not outlive the one that started them."""
    process = place.start(place.words("orphans", processes=2, **LONG))
    wait_for(place.run("orphans") / "results.csv", process)
    ranks = children_of(process)
    process.kill()
    process.wait()
    end = time.monotonic() + SECONDS
    while any(pathlib.Path(f"/proc/{rank}").exists() for rank in ranks.values()):
        assert time.monotonic() < end, "ranks still run"
        time.sleep(0.1)


def case_mpirun(place: Place) -> None:
    """mpirun starts them."""
    if shutil.which("mpirun") is None:
        raise Skipped("mpirun is not installed")
    expected = place.undisturbed()
    mpirun = ["mpirun", "--oversubscribe", "--bind-to", "none", "-n", "2"]
    if os.geteuid() == 0:
        mpirun.insert(1, "--allow-run-as-root")
    place.finish([*mpirun, *place.words("mpi")], MASTER_PORT=free_port())
    check_equal(place, "mpi", expected)


def case_torchrun(place: Place) -> None:
    """torchrun starts them."""
    beside = pathlib.Path(os.environ.get("FER_TORCHRUN") or "")
    torchrun = str(beside) if beside.is_file() else shutil.which("torchrun")
    if not torchrun:
        raise Skipped("torchrun is not installed")
    expected = place.undisturbed()
    ways = {"standalone": ["--standalone"], "static": ["--master-port", free_port()]}
    for name, more in ways.items():
        command = [torchrun, *more, "--nproc-per-node", "2", "--no-python", *place.words(name)]
        place.finish(command)
        check_equal(place, name, expected)


def case_hand(place: Place) -> None:
    """Variables set by hand start them."""
    expected = place.undisturbed()
    for process in by_hand(place, [place.words("hand")] * 2):
        expect(process, 0)
    check_equal(place, "hand", expected)


def evaluation(place: Place, name: str) -> tuple[dict, str]:
    """What fer-eval wrote, but for what its time came to."""
    found = json.loads((place.folder / f"{name}.json").read_text())
    del found["seconds"]
    return found, (place.folder / f"{name}.csv").read_text()


def case_evaluate(place: Place) -> None:
    """Processes that evaluate together write once, and what one process writes."""
    place.finish(place.words("model", epochs=1))
    program, model = place.program.with_name("fer-eval"), place.run("model") / "best.safetensors"

    def words(name: str, *more: str) -> list[str]:
        return [
            *(str(program), "--quiet", "--model", str(model), "--data", f"synthetic:{IMAGES}"),
            *("--split", "train", "--batch-size", "32", "--corrupt", "--device", "cpu"),
            *("--json", f"{name}.json", "--predictions", f"{name}.csv", *more),
        ]

    place.finish(words("alone"))
    for process in by_hand(place, [words("hand")] * 3):
        expect(process, 0)
    assert evaluation(place, "hand") == evaluation(place, "alone"), "three processes differ from one"
    processes = by_hand(place, [words("first"), words("other", "--seed", "3")])
    fails(place, processes, "rank 1", "--seed is 3 here, and 0 on rank 0")
    place.finish(place.words("second", epochs=1, seed=5))
    model = place.run("second") / "best.safetensors"
    other = words("other")
    model = place.run("model") / "best.safetensors"
    fails(place, by_hand(place, [words("first"), other]), "rank 1", "the models here are others")
    other = [word.replace(f":{IMAGES}", f":{IMAGES + 7}") for word in words("other")]
    fails(place, by_hand(place, [words("first"), other]), "rank 1", "the images here are others")


def fails(place: Place, processes: list[subprocess.Popen], *says: str) -> None:
    for process in processes:
        told = expect(process, 1, seconds=SECONDS)
        for words in says:
            assert words in told, f"{words!r} is not in: {told}"


def case_differ(place: Place) -> None:
    """A rank with another option, other images or none of them ends all, and each says why."""
    same = place.words("differ")
    other = place.words("differ", seed=7)
    fails(place, by_hand(place, [same, other]), "rank 1", "--seed is 7 here, and 0 on rank 0")
    other = place.words("differ", batch_size=30)
    fails(place, by_hand(place, [same, other]), "rank 1", "--batch-size is 30 here")
    other = [word.replace(f":{IMAGES}", f":{IMAGES + 7}") for word in same]
    fails(place, by_hand(place, [same, other]), "rank 1", "images here are others than rank 0's")
    none = [word.replace(f"synthetic:{IMAGES}", "nowhere.csv") for word in same]
    fails(place, by_hand(place, [same, none]), "rank 1", "nowhere.csv")
    left = list((place.folder / "runs").glob("differ-*"))
    assert not left, f"a run that could not start left {left}"


def case_errors(place: Place) -> None:
    """What cannot be is said at once."""
    told = expect(place.start(place.words("small", processes=7, batch_size=60)), 1)
    assert "--batch-size 60" in told and "too few for 7 processes" in told, told
    told = expect(place.start(place.words("half"), RANK="1"), 1)
    assert "WORLD_SIZE" in told, told
    variables = {"RANK": "0", "WORLD_SIZE": "2", "MASTER_ADDR": "127.0.0.1"}
    told = expect(place.start(place.words("both", processes=2), **variables), 1)
    assert "--processes 2" in told and "rank 0 of 2 already" in told, told
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = expect(place.start(place.words("taken"), **variables, MASTER_PORT=port), 1)
    assert f"port {port}" in told and "another program has it" in told, told


def case_apart(place: Place) -> None:
    """Only rank 0 needs the folder of the run; all need its config.json to go on."""
    (place.folder / "elsewhere").mkdir()
    other = [word if word != "runs" else "elsewhere/runs" for word in place.words("apart")]
    for process in by_hand(place, [place.words("apart"), other]):
        expect(process, 0)
    assert (place.run("apart") / "best.safetensors").is_file()
    assert not (place.folder / "elsewhere/runs").exists()


CASES = {name[5:]: case for name, case in globals().items() if name.startswith("case_")}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("cases", nargs="*", help=f"of {', '.join(CASES)}; none: all")
    parser.add_argument("--without", help="why this build has no ranks")
    arguments = parser.parse_args()
    if arguments.without:
        print(f"skipped: {arguments.without}")
        return SKIPPED
    code = 0
    for name in arguments.cases or CASES:
        start = time.monotonic()
        try:
            with tempfile.TemporaryDirectory() as folder:
                CASES[name](Place(arguments.programs, pathlib.Path(folder)))
        except Skipped as reason:
            print(f"skipped: {name}: {reason}")
            code = SKIPPED
            continue
        print(f"{name}: {CASES[name].__doc__} {time.monotonic() - start:.1f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
