"""What a model gives each class on average, beside the class's share of FER+'s votes: docs/models/.

    build/release/bin/fer-eval --model nano --data data/fer2013.csv --split val --predictions nano.csv
    python3 scripts/experiments/shares_of_votes.py nano.csv data/fer2013new.csv

Of PublicTest's faces, those with a vote for one of the seven classes.
"""

from __future__ import annotations

import csv
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "detection"))

from fer2013 import LABELS
from ferplus import EMOTIONS


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    predictions, votes = (
        list(csv.DictReader(pathlib.Path(path).open(newline="", encoding="utf-8-sig")))
        for path in sys.argv[1:]
    )
    votes = [row for row in votes if row["Usage"] == "PublicTest"]
    if len(predictions) != len(votes):
        sys.exit(f"{sys.argv[1]}: has {len(predictions)} rows, and PublicTest has {len(votes)}")
    column = {label: name for name, label in EMOTIONS.items() if label}
    given, voted, faces = dict.fromkeys(LABELS, 0.0), dict.fromkeys(LABELS, 0.0), 0
    for prediction, row in zip(predictions, votes):
        counts = {label: int(row[column[label]]) for label in LABELS}
        if not any(counts.values()):
            continue
        faces += 1
        for label in LABELS:
            given[label] += float(prediction[label])
            voted[label] += counts[label] / sum(counts.values())
    print(f"{faces:,} faces\n\n| class | probability % | votes % |\n| --- | ---: | ---: |")
    for label in LABELS:
        print(f"| {label} | {100 * given[label] / faces:.1f} | {100 * voted[label] / faces:.1f} |")


if __name__ == "__main__":
    main()
