"""What NumPy, SciPy and scikit-learn make of the jobs that tests/metrics/*_test.cpp set them.

    python scores_reference.py IN.json OUT.json

IN holds a list of jobs, each an object with `kind`; OUT gets the list of their results. Infinite and
undefined numbers are null.
"""

import json
import math
import sys
import warnings

import numpy as np
from scipy import optimize, special, stats
from sklearn import metrics

FLOOR = 1e-12


def given(job):
    return np.asarray(job["probabilities"], dtype=np.float64), np.asarray(job["truths"])


def reliability(confidence, correct, bin_of, bins):
    rows = []
    for m in range(bins):
        inside = bin_of == m
        if inside.any():
            rows.append([int(inside.sum()), confidence[inside].mean(), correct[inside].mean()])
        else:
            rows.append([0, 0.0, 0.0])
    return rows


def calibration_error(rows):
    total = sum(row[0] for row in rows)
    return sum(n * abs(accuracy - confidence) for n, confidence, accuracy in rows) / total


def equal_width(confidence, bins=15):
    return np.clip(np.digitize(confidence, np.arange(bins) / bins, right=True) - 1, 0, None)


def equal_mass(confidence, bins=15):
    first_rank = stats.rankdata(confidence, method="min").astype(np.int64) - 1
    return first_rank * bins // len(confidence)


def calibration(probabilities, truths):
    confidence = probabilities.max(axis=1)
    correct = (probabilities.argmax(axis=1) == truths).astype(np.float64)
    wide = reliability(confidence, correct, equal_width(confidence), 15)
    even = reliability(confidence, correct, equal_mass(confidence), 15)
    return {
        "reliability": wide,
        "equal_mass": even,
        "ece": calibration_error(wide),
        "adaptive_ece": calibration_error(even),
    }


def one_against_rest(probabilities, truths):
    precision, auc = [], []
    for c in range(probabilities.shape[1]):
        hits = (truths == c).astype(np.int64)
        precision.append(
            metrics.average_precision_score(hits, probabilities[:, c]) if hits.any() else math.nan
        )
        mixed = 0 < hits.sum() < len(hits)
        auc.append(metrics.roc_auc_score(hits, probabilities[:, c]) if mixed else math.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the mean of nothing
        return {
            "average_precision": precision,
            "roc_auc": auc,
            "macro_average_precision": np.nanmean(precision),
            "macro_roc_auc": np.nanmean(auc),
        }


def report(job):
    probabilities, truths = given(job)
    predictions = probabilities.argmax(axis=1)
    classes = np.arange(probabilities.shape[1])
    f1 = {
        kind: metrics.f1_score(truths, predictions, average=kind, zero_division=0)
        for kind in ("macro", "weighted")
    }
    truth_probability = probabilities[np.arange(len(truths)), truths]
    return {
        "accuracy": metrics.accuracy_score(truths, predictions),
        "balanced_accuracy": metrics.balanced_accuracy_score(truths, predictions),
        "macro_f1": f1["macro"],
        "weighted_f1": f1["weighted"],
        "kappa": metrics.cohen_kappa_score(truths, predictions),
        # Of equal probabilities scikit-learn takes the last class, we the first: turned round, its
        # last is our first.
        "top2_accuracy": metrics.top_k_accuracy_score(
            classes[-1] - truths, probabilities[:, ::-1], k=2, labels=classes
        ),
        "nll": -np.log(np.maximum(truth_probability, FLOOR)).mean(),
        "brier": sum(
            metrics.brier_score_loss(truths == c, probabilities[:, c], pos_label=True)
            for c in classes
        ),
        **one_against_rest(probabilities, truths),
        **calibration(probabilities, truths),
    }


def curve(job):
    probabilities, truths = given(job)
    label = job["label"]
    precision, recall, thresholds = metrics.precision_recall_curve(
        truths == label, probabilities[:, label], drop_intermediate=True
    )
    # Ours goes the other way and leaves out the point (0, 1), which belongs to no threshold.
    return {
        "precision": precision[:-1][::-1],
        "recall": recall[:-1][::-1],
        "threshold": thresholds[::-1],
    }


def temperature(job):
    probabilities, truths = given(job)
    logits = np.log(np.maximum(probabilities, FLOOR))
    rows = np.arange(len(truths))

    def slope(sharpness):
        weights = special.softmax(sharpness * logits, axis=1)
        return ((weights * logits).sum(axis=1) - logits[rows, truths]).mean()

    def nll(sharpness):
        return -special.log_softmax(sharpness * logits, axis=1)[rows, truths].mean()

    sharpness = optimize.brentq(slope, 1 / 20, 20, xtol=1e-14, rtol=1e-14)
    return {
        "temperature": 1 / sharpness,
        "nll_before": nll(1.0),
        "nll_after": nll(sharpness),
        "scaled": special.softmax(sharpness * logits, axis=1).ravel(),
    }


def mcnemar(job):
    b, c = job["only_first"], job["only_second"]
    if b + c < 25:
        return {"p": stats.binomtest(min(b, c), b + c, 0.5).pvalue if b + c else 1.0}
    return {"p": stats.chi2.sf(max(0, abs(b - c) - 1) ** 2 / (b + c), 1)}


def bootstrap(job):
    counts = np.array([job["only_second"], job["only_first"], job["both"] + job["neither"]])
    total = counts.sum()
    drawn = np.random.default_rng(5).multinomial(total, counts / total, size=100_000)
    low, high = np.quantile((drawn[:, 0] - drawn[:, 1]) / total, [0.025, 0.975])
    return {"low": low, "high": high}


def votes(job):
    probabilities = np.asarray(job["probabilities"], dtype=np.float64)
    counts = np.asarray(job["votes"], dtype=np.float64)
    classes = probabilities.shape[1]
    ordered = np.sort(counts, axis=1)
    decided = (ordered[:, -1] > ordered[:, -2]) & (counts.argmax(axis=1) < classes)
    share = ordered[:, -1] / counts.sum(axis=1)
    majority = decided & (share > 0.5)
    correct = probabilities.argmax(axis=1) == counts.argmax(axis=1)
    edges = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
    bands = [decided & (share > low) & (share <= high) for low, high in zip(edges, edges[1:])]
    kept = counts[:, :classes].sum(axis=1) > 0
    shares = counts[kept, :classes] / counts[kept, :classes].sum(axis=1, keepdims=True)
    logs = np.log(np.maximum(probabilities[kept], FLOOR))
    return {
        "undecided": int((~decided).sum()),
        "majority": [int(majority.sum()), int(correct[majority].sum())],
        "bands": [[int(band.sum()), int(correct[band].sum())] for band in bands],
        "voted": int(kept.sum()),
        "cross_entropy": -(shares * logs).sum(axis=1).mean(),
        "entropy": stats.entropy(shares, axis=1).mean(),
    }


KINDS = {
    "report": report,
    "curve": curve,
    "temperature": temperature,
    "mcnemar": mcnemar,
    "bootstrap": bootstrap,
    "votes": votes,
}


def plain(value):
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(inner) for inner in value]
    if isinstance(value, (int, np.integer)):
        return int(value)
    return float(value) if math.isfinite(value) else None


def main(source, target):
    with open(source, encoding="utf-8") as file:
        jobs = json.load(file)
    with open(target, "w", encoding="utf-8") as file:
        json.dump([plain(KINDS[job["kind"]](job)) for job in jobs], file)


if __name__ == "__main__":
    main(*sys.argv[1:])
