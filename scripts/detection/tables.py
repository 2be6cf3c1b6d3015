"""The results as Markdown and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from fer2013 import LABELS
from verdict import Crops, Outcome, Result, percent

HEAD = [
    *(
        "detector",
        "margin",
        "turned",
        "align",
        "found %",
        "false a scene",
        "accuracy %",
        "fer-eval %",
    ),
    *("difference", "largest share difference", "same label %", "box / face", "accepted"),
]
NOTHING = "–"


def signed(value: float) -> str:
    return f"{value:+.1f}".replace("-", "−")


def outcome_cells(outcome: Outcome) -> list[str]:
    label, points = outcome.worst_share
    return [
        f"{outcome.accuracy:.1f}",
        f"{outcome.eval_accuracy:.1f}",
        f"{signed(outcome.difference)} ± {outcome.error:.1f}",
        f"{label} {signed(points)}",
        f"{outcome.agreement:.1f}",
        f"{outcome.crops.box_ratio:.2f}",
    ]


def cells(result: Result) -> list[str]:
    setting = result.setting
    return [
        setting.detector,
        f"{setting.margin:g}" if setting.margin else "usual",
        result.turn,
        setting.align,
        f"{percent(result.found, result.pasted):.1f}",
        f"{result.false / result.scenes:.2f}",
        *(outcome_cells(result.outcome) if result.outcome else [NOTHING] * 6),
        "yes" if result.accepted else "no",
    ]


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def share_rows(results: Sequence[Result]) -> list[list[str]]:
    """fer-predict's share of each class, and fer-eval's on the same faces."""
    return [
        [
            f"{result.setting.name}, turned {result.turn}",
            *(f"{o.shares[label]:.1f} ({o.eval_shares[label]:.1f})" for label in LABELS),
        ]
        for result in results
        if (o := result.outcome)
    ]


def crop_rows(results: Sequence[Result]) -> list[list[str]]:
    """How the boxes lie is the same for every margin: those of the default say it."""
    rows = []
    for result in results:
        if result.outcome and result.setting.is_default:
            crops, sides = result.outcome.crops, result.found_by_side.items()
            found = ", ".join(f"{band} px {share:.0f}" for band, share in sides)
            name = f"{result.setting.detector}, turned {result.turn}"
            rows.append([name, f"{crops.margin:.2f}", signed_part(crops), found])
    return rows


def signed_part(crops: Crops) -> str:
    return f"{crops.down:+.3f}".replace("-", "−")


def majority_rows(results: Sequence[Result]) -> list[list[str]]:
    return [
        [
            f"{result.setting.name}, turned {result.turn}",
            f"{majority.faces:,}",
            f"{majority.accuracy:.1f}",
            f"{majority.eval_accuracy:.1f}",
            signed(majority.accuracy - majority.eval_accuracy),
        ]
        for result in results
        if result.outcome and (majority := result.outcome.majority)
    ]


def majority_table(results: Sequence[Result]) -> list[str]:
    rows = majority_rows(results)
    if not rows:
        return []
    head = ["setting", "faces", "accuracy %", "fer-eval %", "difference"]
    return ["By FER+'s majority, on the found faces that have one:\n", markdown(head, rows)]


def report(results: Sequence[Result]) -> str:
    crop_head = ["detector", "margin that fits", "face below box", "found %, by the face's side"]
    return "\n".join(
        [
            markdown(HEAD, [cells(result) for result in results]),
            markdown(crop_head, crop_rows(results)),
            *majority_table(results),
            "Predicted shares in %, in brackets fer-eval's on the same faces:\n",
            markdown(["setting", *LABELS], share_rows(results)),
        ]
    )


def as_json(result: Result) -> dict:
    content = asdict(result)
    if (outcome := result.outcome) is not None:
        label, points = outcome.worst_share
        content["outcome"]["difference"] = outcome.difference
        content["outcome"]["worst_share"] = {"label": label, "points": points}
    return {
        **content,
        "found_share": percent(result.found, result.pasted),
        "false_a_scene": result.false / result.scenes,
        "accepted": result.accepted,
    }
