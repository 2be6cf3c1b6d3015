"""The scores of an evaluation as scikit-learn computes them.

    python evaluation_reference.py IN.safetensors OUT.safetensors

IN holds `probabilities` [N,C] and `truths` [N]; OUT gets scalars and per-class vectors by the names
of the report, and `confusion` [C,C].
"""

import sys

import numpy as np
from safetensors.numpy import load_file, save_file
from sklearn import metrics


def main(source, target):
    given = load_file(source)
    probabilities, truths = given["probabilities"].astype(np.float64), given["truths"]
    classes = np.arange(probabilities.shape[1])
    predictions = probabilities.argmax(axis=1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truths, predictions, labels=classes, zero_division=0
    )
    rows = probabilities / probabilities.sum(axis=1, keepdims=True)
    results = {
        "accuracy": metrics.accuracy_score(truths, predictions),
        "balanced_accuracy": metrics.balanced_accuracy_score(truths, predictions),
        "macro_f1": f1.mean(),
        "nll": metrics.log_loss(truths, rows, labels=classes),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "support": support.astype(np.int64),
        "confusion": metrics.confusion_matrix(truths, predictions, labels=classes),
    }
    save_file({key: np.atleast_1d(value) for key, value in results.items()}, target)


if __name__ == "__main__":
    main(*sys.argv[1:])
