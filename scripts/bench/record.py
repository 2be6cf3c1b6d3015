"""docs/benchmarks.json, and the tables in docs/benchmarks.md that are made from it.

    record.py

Writes the tables anew from the JSON, between the two marks.
"""

from __future__ import annotations

import json
import pathlib
from collections.abc import Mapping, Sequence

import machine
from measure import BenchmarkError, verdict

RECORD = pathlib.Path("docs/benchmarks.json")
PAGE = pathlib.Path("docs/benchmarks.md")
BEGIN = "<!-- Made by scripts/bench.sh --record from benchmarks.json: change nothing below. -->"
END = "<!-- Made by scripts/bench.sh --record: till here. -->"


def add(report: Mapping, order: Sequence[str]) -> None:
    """Puts a report's benchmarks in the place of their earlier ones, and renders the page."""
    recorded = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    for measured in report["benchmarks"]:
        about = {key: report[key] for key in ("machine", "threads")}
        recorded[measured["name"]] = {**about, **measured}
    in_order = {name: recorded[name] for name in order if name in recorded}
    RECORD.write_text(json.dumps(in_order, indent=1) + "\n")
    render_page()


def render_page() -> None:
    text = PAGE.read_text()
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise BenchmarkError(f"{PAGE} has lost the marks that its tables stand between")
    tables = render(json.loads(RECORD.read_text()))
    PAGE.write_text(f"{before}{begin}\n\n{tables}\n\n{end}{after}")


def render(recorded: Mapping[str, Mapping]) -> str:
    abouts = [machine.summary(entry["machine"]) for entry in recorded.values()]
    alike = len(set(abouts)) == 1
    parts = [abouts[0]] if alike else []
    parts.append(overview(recorded.values()))
    for entry, about in zip(recorded.values(), abouts):
        parts.append(f"### {entry['title']}")
        rounds = f"Rounds: {max(map(len, entry['rounds'].values()))}."
        parts.append(rounds if alike else f"{rounds} {about}.")
        parts.append(details(entry))
        parts += [f"{name} could not run: {why}" for name, why in entry["failures"].items()]
    return "\n\n".join(parts)


def overview(entries) -> str:
    """A row a metric: ours, and how many times better it is than the best of each family."""
    lines = ["| | fer | times better than |", "| --- | ---: | --- |"]
    for entry in entries:
        for metric in entry["metrics"]:
            rows = rows_of(entry, metric)
            ours = next(row for row in rows if row["role"] == "ours")
            ratios = ", ".join(
                f"{row['contender']} **{row['ours_is_better_by']:.2f}**"
                for row in rows
                if row["counts"]
            )
            what = f"{entry['title']}: {metric['title']}"
            lines.append(f"| {what} | {number(ours['median'], metric)} | {ratios} |")
    return "\n".join(lines)


def details(entry: Mapping) -> str:
    lines = [
        "| | median | smallest to largest | ours is better by |",
        "| --- | ---: | ---: | --- |",
    ]
    for metric in entry["metrics"]:
        lines.append(f"| **{metric['title']}** ({metric['direction']}) | | | |")
        rows = rows_of(entry, metric)
        for row in rows:
            spread = f"{number(row['min'], metric)} to {number(row['max'], metric)}"
            median = number(row["median"], metric)
            lines.append(f"| {row['contender']} | {median} | {spread} | {verdict(row, rows)} |")
    return "\n".join(lines)


def rows_of(entry: Mapping, metric: Mapping) -> list[Mapping]:
    return [row for row in entry["summary"] if row["metric"] == metric["key"]]


def number(value: float, metric: Mapping) -> str:
    return f"{value:,.{metric['decimals']}f}"


if __name__ == "__main__":
    render_page()
