"""Which combination was the best: the table at the end of a sweep."""

from __future__ import annotations

import argparse
import pathlib
import statistics
from collections.abc import Sequence

from sweeping.plan import Run
from sweeping.records import note, write_json, write_text

# Columns of fer-train's results.csv. The last three exist only with FER+'s votes.
SCORES = {
    "val_accuracy": "val accuracy %",
    "val_balanced_accuracy": "balanced %",
    "val_ferplus_accuracy": "majority %",
    "val_ferplus_balanced_accuracy": "majority, balanced %",
    "val_combined": "combined %",
}


def mean_of(score: str, results: Sequence[dict]) -> float | None:
    found = [result[score] for result in results if score in result]
    return statistics.mean(found) if found and len(found) == len(results) else None


def has_votes(results: Sequence[dict]) -> bool:
    return bool(results) and all("val_combined" in result for result in results)


def summarise(name: str, runs: Sequence[Run]) -> dict:
    """One row of the table: a combination over its seeds."""
    results = [result for run in runs if (result := run.read("done.json")) is not None]
    failures = [failure for run in runs if (failure := run.read("failed.json")) is not None]
    ranked_by = "val_combined" if has_votes(results) else "val_accuracy"
    ranked = [result[ranked_by] for result in results]
    return {
        "name": name,
        "options": runs[0].combination.options,
        **{score: mean_of(score, results) for score in SCORES},
        "ranked_by": ranked_by,
        "deviation": statistics.stdev(ranked) if len(ranked) > 1 else None,
        "finished": len(results),
        "seeds": [run.seed for run in runs],
        "best_epochs": [result["best_epoch"] for result in results],
        "seconds": statistics.mean(result["seconds"] for result in results) if results else None,
        "errors": [failure["error"] for failure in failures],
    }


def ranking(runs: Sequence[Run]) -> list[dict]:
    """Best first, by the combined score where every combination has it, else by accuracy.

    Those of which no seed finished come last.
    """
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(run.combination.name, []).append(run)
    rows = [summarise(name, group) for name, group in groups.items()]
    finished = [row for row in rows if row["finished"]]
    votes = all(row["val_combined"] is not None for row in finished)
    finished.sort(key=lambda row: row["val_combined" if votes else "val_accuracy"], reverse=True)
    return finished + [row for row in rows if not row["finished"]]


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.2f}"


def columns(rows: Sequence[dict]) -> list[list[str]]:
    """The head and a line for each row. Scores that no row has are left out."""
    scores = [score for score in SCORES if any(row[score] is not None for row in rows)]
    # Placed behind the score by which rows are ranked.
    place = scores.index("val_combined" if "val_combined" in scores else "val_accuracy") + 1
    shown = [*scores[:place], "deviation", *scores[place:]]
    names = [SCORES.get(value, "sd") for value in shown]
    return [
        ["options", *names, "seeds", "best epoch", "seconds"],
        *([row["name"], *(percent(row[value]) for value in shown), *facts(row)] for row in rows),
    ]


def facts(row: dict) -> list[str]:
    finished, seeds = row["finished"], len(row["seeds"])
    return [
        str(seeds) if finished == seeds else f"{finished} of {seeds}",
        ", ".join(map(str, row["best_epochs"])) or "–",
        "–" if row["seconds"] is None else f"{row['seconds']:,.0f}",
    ]


def text_table(rows: Sequence[dict]) -> str:
    lines = columns(rows)
    widths = [max(map(len, column)) for column in zip(*lines)]
    aligned = [
        [line[0].ljust(widths[0]), *(word.rjust(width) for word, width in zip(line[1:], widths[1:]))]
        for line in lines
    ]
    return "\n".join("  ".join(line) for line in aligned)


def markdown_table(rows: Sequence[dict]) -> str:
    head, *lines = columns(rows)
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(line)} |\n" for line in [head, rule, *lines])


def report(arguments: argparse.Namespace, runs: Sequence[Run]) -> int:
    """Prints and writes the table; the exit code."""
    rows = ranking(runs)
    print(text_table(rows))
    if arguments.markdown:
        write_text(pathlib.Path(arguments.markdown), markdown_table(rows))
    if arguments.json:
        details = [
            {"name": run.folder.name, **run.settings, **(run.read("done.json") or {})}
            for run in runs
        ]
        write_json(pathlib.Path(arguments.json), {"rows": rows, "runs": details})
    failed = [run for run in runs if run.read("done.json") is None]
    for run in failed:
        note(f"failed: {run.folder.name}: {(run.read('failed.json') or {}).get('error', '')}")
    return 1 if failed else 0
