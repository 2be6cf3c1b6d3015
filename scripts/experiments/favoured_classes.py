"""What a trained model gains and loses where frequent classes are favoured: the tables of docs/results.md.

Adds a times the logarithm of each class's share, among the majorities of Training's votes, to the model's
calibrated logits on PublicTest.

    build/release/bin/fer-eval --model nano --data data/fer2013.csv --split val --predictions nano.csv
    python3 scripts/experiments/favoured_classes.py nano.csv data/fer2013new.csv
"""

from __future__ import annotations

import csv
import math
import pathlib
import sys
from collections import Counter

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "detection"))

from fer2013 import LABELS
from ferplus import read_majorities

FACTORS = (0.0, 0.3, 0.5, 0.6)


def log_shares(majorities: list[str | None]) -> dict[str, float]:
    counts = Counter(label for label in majorities if label)
    return {label: math.log(counts[label] / counts.total()) for label in LABELS}


def percent_right(pairs: list[tuple[str, str]]) -> float:
    return 100 * sum(truth == said for truth, said in pairs) / len(pairs)


def balanced(pairs: list[tuple[str, str]]) -> float:
    recalls = [percent_right([pair for pair in pairs if pair[0] == label]) for label in LABELS]
    return sum(recalls) / len(recalls)


def scores(rows: list[dict], majorities: list[str | None], favour: dict[str, float]) -> list[float]:
    said = [
        max(LABELS, key=lambda label: math.log(float(row[label])) + favour[label]) for row in rows
    ]
    by_majority = [pair for pair in zip(majorities, said) if pair[0]]
    by_label = [(row["truth"], label) for row, label in zip(rows, said)]
    return [percent_right(by_majority), balanced(by_majority), percent_right(by_label)]


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    predictions, votes = map(pathlib.Path, sys.argv[1:])
    rows = list(csv.DictReader(predictions.open(newline="")))
    majorities = read_majorities(votes, "val")
    if len(rows) != len(majorities):
        sys.exit(f"{predictions}: has {len(rows)} rows, and PublicTest has {len(majorities)}")
    shares = log_shares(read_majorities(votes, "train"))
    print("| a | FER+ majority | balanced | label |\n| ---: | ---: | ---: | ---: |")
    for factor in FACTORS:
        favour = {label: factor * share for label, share in shares.items()}
        cells = (f"{score:.2f}" for score in scores(rows, majorities, favour))
        print(f"| {factor:g} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
