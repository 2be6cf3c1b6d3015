"""The examples of docs/serve.md, run against a fer-serve: they print what the page shows.

serve_examples_test.py PROGRAMS [--write]: the folder of fer-serve; --write puts what they print into the page. A
block of sh, python or js and the block of json or text behind it are an example and its output. js needs node.
Numbers with decimals may differ in their sixth digit: other processors and compilers round the last digit otherwise.
"""

from __future__ import annotations

import math
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from serve_support import ROOT, Service

PAGE = ROOT / "docs" / "serve.md"
WORDS = r"((?:(?!```).)*)"
EXAMPLE = re.compile(
    rf"^```(sh|python|js)\n{WORDS}```\n\n```(json|text)\n{WORDS}```\n", re.DOTALL | re.MULTILINE
)
SKIPPED = 77


def printed(kind: str, text: str, folder: pathlib.Path) -> str | None:
    """What the example prints; None where its interpreter is not here."""
    program = {"sh": "bash", "python": sys.executable, "js": "node"}[kind]
    if shutil.which(program) is None or (kind == "sh" and shutil.which("curl") is None):
        return None
    file = folder / {"sh": "example.sh", "python": "example.py", "js": "example.mjs"}[kind]
    file.write_text(text)
    done = subprocess.run([program, file], cwd=ROOT, capture_output=True, text=True, timeout=60)
    return done.stdout.rstrip("\n") + "\n" + done.stderr


NUMBER = re.compile(r"\d+\.\d+")


def is_same(said: str, shown: str) -> bool:
    if NUMBER.sub("#", said) != NUMBER.sub("#", shown):
        return False
    pairs = zip(map(float, NUMBER.findall(said)), map(float, NUMBER.findall(shown)))
    return all(math.isclose(one, other, rel_tol=1e-5) for one, other in pairs)


def main() -> int:
    programs = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/predict/bin").resolve()
    page = PAGE.read_text()
    new, wrong, left_out, at = "", [], 0, 0
    with tempfile.TemporaryDirectory() as folder, Service(programs, "--model", "nano") as service:
        for match in EXAMPLE.finditer(page):
            kind, text, output, shown = match.groups()
            live = text.replace("127.0.0.1:8420", f"127.0.0.1:{service.port}")
            said = printed(kind, live, pathlib.Path(folder))
            if said is None:
                left_out += 1
                said = shown
            if not is_same(said, shown):
                wrong.append(f"{text}\nprints\n{said}\nand the page shows\n{shown}")
            new += page[at : match.start()] + f"```{kind}\n{text}```\n\n```{output}\n{said}```\n"
            at = match.end()
    if sys.argv[2:] == ["--write"]:
        PAGE.write_text(new + page[at:])
        return 0
    print("\n".join(wrong) or f"the examples print what the page shows ({left_out} left out)")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
