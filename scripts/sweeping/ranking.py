"""Which combination was the best: the table at the end of a sweep."""

from __future__ import annotations

import argparse
import pathlib
import statistics
from collections.abc import Sequence

from sweeping.plan import Run
from sweeping.records import note, write_json, write_text

HEAD = ["options", "val accuracy %", "sd", "balanced %", "seeds", "best epoch", "seconds"]


def summarise(name: str, runs: Sequence[Run]) -> dict:
    """One row of the table: a combination over its seeds."""
    results = [result for run in runs if (result := run.read("done.json")) is not None]
    failures = [failure for run in runs if (failure := run.read("failed.json")) is not None]
    accuracies = [result["val_accuracy"] for result in results]
    return {
        "name": name,
        "options": runs[0].combination.options,
        "val_accuracy": statistics.mean(accuracies) if accuracies else None,
        "val_balanced_accuracy": (
            statistics.mean(result["val_balanced_accuracy"] for result in results)
            if results
            else None
        ),
        "deviation": statistics.stdev(accuracies) if len(accuracies) > 1 else None,
        "finished": len(results),
        "seeds": [run.seed for run in runs],
        "best_epochs": [result["best_epoch"] for result in results],
        "seconds": statistics.mean(result["seconds"] for result in results) if results else None,
        "errors": [failure["error"] for failure in failures],
    }


def ranking(runs: Sequence[Run]) -> list[dict]:
    """Best first; those of which no seed finished last."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(run.combination.name, []).append(run)
    rows = [summarise(name, group) for name, group in groups.items()]
    finished = [row for row in rows if row["finished"]]
    finished.sort(key=lambda row: row["val_accuracy"], reverse=True)
    return finished + [row for row in rows if not row["finished"]]


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.2f}"


def cells(row: dict) -> list[str]:
    finished, seeds = row["finished"], len(row["seeds"])
    return [
        row["name"],
        percent(row["val_accuracy"]),
        percent(row["deviation"]),
        percent(row["val_balanced_accuracy"]),
        str(seeds) if finished == seeds else f"{finished} of {seeds}",
        ", ".join(map(str, row["best_epochs"])) or "–",
        "–" if row["seconds"] is None else f"{row['seconds']:,.0f}",
    ]


def text_table(rows: Sequence[dict]) -> str:
    lines = [HEAD, *map(cells, rows)]
    widths = [max(len(line[c]) for line in lines) for c in range(len(HEAD))]
    aligned = [
        [line[0].ljust(widths[0]), *(line[c].rjust(widths[c]) for c in range(1, len(HEAD)))]
        for line in lines
    ]
    return "\n".join("  ".join(line) for line in aligned)


def markdown_table(rows: Sequence[dict]) -> str:
    lines = [HEAD, ["---", *["---:"] * (len(HEAD) - 1)], *map(cells, rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


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
