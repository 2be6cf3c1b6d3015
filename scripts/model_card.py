#!/usr/bin/env python3
"""Prints the tables of a model's card (docs/models/) as Markdown, from what fer-eval measured.

build/release/bin/fer-eval --model NAME --data data/fer2013.csv --ferplus data/fer2013new.csv \\
    --split val --corrupt --json NAME.json
scripts/model_card.py NAME.json

With FER+'s votes, the table of classes is printed a second time, by the majority of the votes.
"""

from __future__ import annotations

import json
import math
import sys

Z = 1.959963984540054  # of the normal distribution, 95 %


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927), as docs/metrics.md has it."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, Z * Z / n
    middle = share + square / 2
    half = Z * math.sqrt(share * (1 - share) / n + square / (4 * n))
    return (middle - half) / (1 + square), (middle + half) / (1 + square)


def percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f}"


def scores(result: dict) -> str:
    low, high = result["accuracy_ci95"]
    # null if the model's file does not list its training images, or if it has seen all images.
    seen = result["seen_in_training"] or {"unseen_n": 0, "unseen_accuracy": None}
    unseen = "not known" if seen["unseen_accuracy"] is None else percent(seen["unseen_accuracy"], 2)
    return "\n".join(
        [
            f"| accuracy | 95 % interval | on the {seen['unseen_n']:,} images not in Training | balanced | macro F1 "
            "| top 2 | NLL | ECE |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            f"| {percent(result['accuracy'], 2)} | {percent(low, 2)} to {percent(high, 2)} "
            f"| {unseen} | {percent(result['balanced_accuracy'], 2)} "
            f"| {result['macro_f1']:.4f} | {percent(result['top2_accuracy'], 2)} | {result['nll']:.4f} "
            f"| {result['ece']:.4f} |",
        ]
    )


def classes(result: dict) -> str:
    lines = [
        "| class | images | recall % | 95 % interval | precision % | most often taken for |",
        "| --- | ---: | ---: | --- | ---: | --- |",
    ]
    labels = result["labels"]
    for row, label in enumerate(labels):
        counts = result["confusion"][row]
        n = sum(counts)
        low, high = wilson(counts[row], n)
        wrong = max((i for i in range(len(labels)) if i != row), key=lambda i: counts[i])
        own = result["per_class"][label]
        lines.append(
            f"| {label} | {n} | {percent(own['recall'])} | {percent(low)} to {percent(high)} "
            f"| {percent(own['precision'])} | {labels[wrong]} ({percent(counts[wrong] / max(n, 1), 0)} %) |"
        )
    return "\n".join(lines)


def majority(report: dict) -> str:
    low, high = report["accuracy_ci95"]
    return (
        f"By FER+'s majority, on {report['n']:,} images: accuracy {percent(report['accuracy'], 2)} % "
        f"({percent(low, 2)} to {percent(high, 2)}), balanced {percent(report['balanced_accuracy'], 2)} %, "
        f"NLL {report['nll']:.4f}, ECE {report['ece']:.4f}."
    )


def corruptions(result: dict) -> str:
    lines = ["| corruption | 1 | 2 | 3 | 4 | 5 |", "| --- | ---: | ---: | ---: | ---: | ---: |"]
    for name, accuracies in result["corruptions"].items():
        lines.append(f"| {name.replace('_', ' ')} | " + " | ".join(map(percent, accuracies)) + " |")
    mean = percent(result["mean_corruption_error"])
    return (
        f"Accuracy in % under corruptions of rising strength (mean corruption error {mean} %):\n\n"
        + "\n".join(lines)
    )


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    with open(sys.argv[1], encoding="utf-8") as file:
        result = json.load(file)
    tables = [scores(result), classes(result)]
    if "ferplus" in result:
        report = result["ferplus"]
        tables += [majority(report), classes(report | {"labels": result["labels"]})]
    if "corruptions" in result:
        tables.append(corruptions(result))
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()
