"""Prints the reference numbers that tests/metrics/*_test.cpp compare with.

Needs numpy, scipy and scikit-learn (made with 2.4, 1.17 and 1.9):
    python tests/python/metrics_reference.py
"""

import numpy as np
from scipy.stats import binomtest
from sklearn import metrics


def samples(count, classes):
    """The made-up predictions of tests/metrics/example_samples.h, from integers alone."""
    i = np.arange(count)[:, None]
    c = np.arange(classes)[None, :]
    weights = (7 * i * i + 13 * c + 5 * i * c) % 17 + 1
    truths = (5 * i + i // 3)[:, 0] % classes
    weights[(c == truths[:, None]) & (i % 4 != 0)] += 20
    sums = weights.sum(axis=1, keepdims=True)
    return (weights / sums).astype(np.float32), truths


def expected_calibration_error(probabilities, truths, bins=15):
    confidence = probabilities.max(axis=1).astype(np.float64)
    correct = probabilities.argmax(axis=1) == truths
    edges = np.linspace(0.0, 1.0, bins + 1)
    error = 0.0
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            error += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return error


def show(name, probabilities, truths):
    classes = range(probabilities.shape[1])
    predictions = probabilities.argmax(axis=1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truths, predictions, labels=classes, zero_division=0
    )
    average = {
        kind: metrics.f1_score(truths, predictions, labels=classes, average=kind, zero_division=0)
        for kind in ("macro", "weighted")
    }
    wide = probabilities.astype(np.float64)
    nll = metrics.log_loss(truths, wide / wide.sum(axis=1, keepdims=True), labels=classes)
    print(f"== {name}")
    print("confusion", metrics.confusion_matrix(truths, predictions, labels=classes).tolist())
    print("accuracy", repr(float(metrics.accuracy_score(truths, predictions))))
    print("balanced_accuracy", repr(float(metrics.balanced_accuracy_score(truths, predictions))))
    print("macro_f1", repr(float(average["macro"])))
    print("weighted_f1", repr(float(average["weighted"])))
    print("nll", repr(float(nll)))
    print("ece", repr(float(expected_calibration_error(probabilities, truths))))
    print("precision", precision.tolist())
    print("recall", recall.tolist())
    print("f1", f1.tolist())
    print("support", support.tolist())


def main():
    show("40 samples of 7 classes", *samples(40, 7))
    # Class 2 never occurs; what was of class 2 is taken out.
    probabilities, truths = samples(30, 4)
    show("4 classes, 2 absent from the truth", probabilities[truths != 2], truths[truths != 2])
    print("== 95 % Wilson intervals")
    for correct, total in [(0, 1), (1, 1), (0, 10), (7, 10), (10, 10), (2376, 3589)]:
        interval = binomtest(correct, total).proportion_ci(0.95, method="wilson")
        print(correct, total, repr(float(interval.low)), repr(float(interval.high)))


if __name__ == "__main__":
    main()
