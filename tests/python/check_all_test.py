"""scripts/check_all.sh: its checks have names, wrong ones are refused, and missing tools skip a check."""

import os
import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts/check_all.sh"
# What the script itself needs; none of them is a check's tool.
TOOLS = ("bash", "dirname", "realpath", "mkdir", "tail")


def run(*words: str, path: str | None = None) -> subprocess.CompletedProcess:
    environment = {**os.environ, "PATH": path} if path else None
    return subprocess.run([SCRIPT, *words], capture_output=True, text=True, env=environment)


def main() -> None:
    listed = [line.partition(":")[0] for line in run("--list").stdout.splitlines()]
    assert len(listed) == len(set(listed)) >= 10, listed
    text = SCRIPT.read_text()
    for name in listed:
        assert f"\ncheck_{name.replace('-', '_')}() {{" in text, name
    for words in (("--only", "no-such"), ("--skip",), ("tsan",)):
        refused = run(*words)
        assert refused.returncode == 2 and "error:" in refused.stderr, words
    nothing = run("--only", "tsan", "--skip", "tsan")
    assert nothing.returncode == 0 and "tsan" not in nothing.stdout
    with tempfile.TemporaryDirectory() as folder:
        for tool in TOOLS:
            os.symlink(shutil.which(tool), pathlib.Path(folder) / tool)
        skipped = run("--only", "format", "--only", "shell", path=folder)
    assert skipped.returncode == 0, skipped.stderr
    assert "skipped  format: clang-format is not installed" in skipped.stdout, skipped.stdout
    assert "skipped  shell: shellcheck is not installed" in skipped.stdout, skipped.stdout


if __name__ == "__main__":
    main()
