#!/usr/bin/env python3
"""Runs the targets of build/fuzz/bin/fuzz_readers in turn and tells what came of it; scripts/fuzz.sh calls it."""

import argparse
import atexit
import concurrent.futures
import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
BUILT = ROOT / "build/fuzz/bin/fuzz_readers"
CACHE = ROOT / ".cache/fuzz"
CORPUS = ROOT / "tests/fuzz/corpus"
DICTIONARIES = ROOT / "tests/fuzz/dictionaries"
RUNS = CACHE / "runs.jsonl"
# A copy, so that a run of hours outlives a build.
PROGRAM = CACHE / f"fuzz_readers.{os.getpid()}"

MEMORY_MB = 2560  # of a process; LibTorch and FFmpeg take some 700 of it
ALLOCATION_MB = 1024  # at a time
SECONDS = 20  # for one input, with sanitizers and everything
MOST_BYTES = 16 * 1024  # of one input
MOST_FINDINGS = 20  # of one target in one run, which then stops fuzzing it
# For each target, the size of the corpus that tests replay.
KEPT_BYTES, KEPT_FILES = 24 * 1024, 48
KEPT_FILE = 200  # bytes that a file costs beside its content

# No leak detection: OpenCV and FFmpeg never free some memory, and FFmpeg's parsers free theirs only at exit.
SANITIZERS = {
    "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=0:handle_abort=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
}
STATUS = re.compile(r"cov: (\d+) ft: (\d+)")
EXECUTED = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
PEAK = re.compile(r"stat::peak_rss_mb:\s*(\d+)")


def names() -> list[str]:
    listed = subprocess.run([PROGRAM, "--list"], capture_output=True, text=True, check=True)
    return listed.stdout.split()


def command(target: str, *words: str) -> list[str]:
    dictionary = DICTIONARIES / f"{target}.dict"
    return [
        str(PROGRAM),
        f"--target={target}",
        f"-rss_limit_mb={MEMORY_MB}",
        f"-malloc_limit_mb={ALLOCATION_MB}",
        f"-timeout={SECONDS}",
        f"-max_len={MOST_BYTES}",
        *([f"-dict={dictionary}"] if dictionary.exists() else []),
        *words,
    ]


def environment() -> dict:
    memory = "/dev/shm" if os.path.isdir("/dev/shm") else tempfile.gettempdir()
    return {**os.environ, "TMPDIR": memory, **SANITIZERS}


def folder(*parts: str) -> pathlib.Path:
    made = CACHE.joinpath(*parts)
    made.mkdir(parents=True, exist_ok=True)
    return made


def fuzz(target: str, seconds: float) -> dict:
    """One target for so long; it goes on behind a finding."""
    corpus, found = folder("corpus", target), folder("findings", target)
    log = folder("logs") / f"{target}.log"
    others = [str(path) for path in (CACHE / "seeds" / target, CORPUS / target) if path.is_dir()]
    before, start = set(found.iterdir()), time.monotonic()
    row = {"target": target, "executions": 0, "edges": 0, "features": 0, "cpu_seconds": 0.0}
    with open(log, "w") as output:
        while (left := seconds - (time.monotonic() - start)) > 2:
            words = [
                f"-max_total_time={int(left)}",
                f"-artifact_prefix={found}/",
                "-print_final_stats=1",
            ]
            process = subprocess.Popen(
                command(target, *words, str(corpus), *others),
                env=environment(),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            usage = os.wait4(process.pid, 0)[2]
            row["cpu_seconds"] += usage.ru_utime + usage.ru_stime
            text = log.read_text(errors="replace")
            if len(set(found.iterdir()) - before) >= MOST_FINDINGS or not EXECUTED.search(text):
                break
    text = log.read_text(errors="replace")
    row["executions"] = sum(map(int, EXECUTED.findall(text)))
    for edges, features in STATUS.findall(text):
        row["edges"] = max(row["edges"], int(edges))
        row["features"] = max(row["features"], int(features))
    row["peak_mb"] = max(map(int, PEAK.findall(text)), default=0)
    row["seconds"] = round(time.monotonic() - start, 1)
    row["corpus"] = sum(1 for _ in corpus.iterdir())
    row["findings"] = sorted(path.name for path in set(found.iterdir()) - before)
    return row


def version() -> str:
    words = ["git", "-C", str(ROOT), "describe", "--always", "--dirty"]
    return subprocess.run(words, capture_output=True, text=True).stdout.strip() or "unknown"


def record(row: dict) -> None:
    now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    with open(RUNS, "a") as file:
        file.write(json.dumps({"date": now, "version": version(), **row}) + "\n")


def table(rows: list[dict]) -> str:
    head = ("target", "executions", "core minutes", "edges", "features", "peak MB", "findings")
    cells = [head]
    for row in rows:
        cells.append(
            (
                row["target"],
                f"{row['executions']:,}",
                f"{row['cpu_seconds'] / 60:.1f}",
                f"{row['edges']:,}",
                f"{row['features']:,}",
                str(row["peak_mb"]),
                str(len(row["findings"])),
            )
        )
    total = sum(row["executions"] for row in rows)
    minutes = sum(row["cpu_seconds"] for row in rows) / 60
    findings = sum(len(row["findings"]) for row in rows)
    cells.append(("all", f"{total:,}", f"{minutes:.1f}", "", "", "", str(findings)))
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = []
    for row in cells:
        parts = [
            row[0].ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:])),
        ]
        lines.append("  ".join(parts).rstrip())
    return "\n".join(lines)


def report() -> list[dict]:
    """All runs of this machine, a row a target."""
    sums: dict = {}
    for line in RUNS.read_text().splitlines() if RUNS.exists() else []:
        run = json.loads(line)
        row = sums.setdefault(
            run["target"],
            {**run, "executions": 0, "seconds": 0.0, "cpu_seconds": 0.0, "findings": []},
        )
        row["executions"] += run["executions"]
        row["seconds"] += run["seconds"]
        row["cpu_seconds"] += run.get("cpu_seconds", 0.0)
        row["findings"] += run["findings"]
        for key in ("edges", "features", "peak_mb"):
            row[key] = max(row[key], run[key])
    return [sums[name] for name in sorted(sums)]


def features_of(control: pathlib.Path) -> dict[pathlib.Path, set[int]]:
    """What each input of a merge reaches, of libFuzzer's control file."""
    files, reached = [], {}
    for line in control.read_text().splitlines():
        words = line.split()
        if line.startswith("/"):
            files.append(pathlib.Path(line))
        elif words[0] == "FT":
            reached[files[int(words[1])]] = set(map(int, words[2:]))
    return reached


def minimise(target: str) -> str:
    """The inputs that reach most, for their size, of what all of them reach."""
    sources = [CORPUS / target, CACHE / "seeds" / target, CACHE / "corpus" / target]
    there = [str(path) for path in sources if path.is_dir()]
    with tempfile.TemporaryDirectory() as merged:
        control = pathlib.Path(merged) / "control"
        words = ["-set_cover_merge=1", f"-merge_control_file={control}", merged, *there]
        subprocess.run(command(target, *words), env=environment(), check=True, capture_output=True)
        reached = features_of(control)
    everything = set().union(*reached.values())
    contents = {path: path.read_bytes() for path in reached}
    chosen: list[bytes] = []
    seen: set[int] = set()
    room = KEPT_BYTES

    def worth(path: pathlib.Path) -> float:
        return len(reached[path] - seen) / (len(contents[path]) + KEPT_FILE)

    while len(chosen) < KEPT_FILES:
        fitting = [path for path in contents if len(contents[path]) <= room]
        best = max(fitting, key=worth, default=None)
        if best is None or worth(best) == 0.0:
            break
        seen |= reached[best]
        chosen.append(contents.pop(best))
        room -= len(chosen[-1])
    kept = CORPUS / target
    kept.mkdir(parents=True, exist_ok=True)
    for old in kept.iterdir():
        if not old.name.startswith("finding"):  # past findings stay
            old.unlink()
    for content in chosen:
        (kept / hashlib.sha1(content).hexdigest()[:16]).write_bytes(content)
    share = f"{len(seen):,} of {len(everything):,} features"
    return f"{target}: {len(chosen)} files, {KEPT_BYTES - room:,} bytes, {share}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--target", action="append", default=[])
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--minimise", action="store_true")
    parser.add_argument("--report", action="store_true")
    options = parser.parse_args()
    if options.report:
        print(table(report()))
        return 0
    CACHE.mkdir(parents=True, exist_ok=True)
    shutil.copy(BUILT, PROGRAM)
    atexit.register(PROGRAM.unlink)
    known = names()
    targets = options.target or known
    for target in targets:
        if target not in known:
            parser.error(
                f"--target {target}: there is no such target; there are {', '.join(known)}"
            )
    if options.minutes <= 0 or options.jobs < 1:
        parser.error("--minutes and --jobs have to be above 0")
    workers = concurrent.futures.ThreadPoolExecutor(options.jobs)
    if options.minimise:
        for line in workers.map(minimise, targets):
            print(line, flush=True)
        return 0
    share = options.minutes * 60 * options.jobs / len(targets)
    rows = []
    for row in workers.map(lambda target: fuzz(target, share), targets):
        record(row)
        rows.append(row)
        print(f"{row['target']}: {row['executions']:,} executions", file=sys.stderr, flush=True)
    print(table(rows))
    if options.json:
        options.json.write_text(
            json.dumps({"version": version(), "targets": rows}, indent=2) + "\n"
        )
    found = [CACHE / "findings" / row["target"] / name for row in rows for name in row["findings"]]
    for path in found:
        print(f"finding: {path.relative_to(ROOT)}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
