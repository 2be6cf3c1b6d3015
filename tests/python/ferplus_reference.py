"""Targets from FER+'s votes by the rules of Barsoum et al. 2016, written from their description.

    python ferplus_reference.py IN.safetensors OUT.safetensors

IN holds `votes` [N,10]: eight emotions, then unknown and no face; OUT gets `majority` and
`distribution`, float32 [N,8], rows of 0 where an image is dropped.
"""

import sys
from fractions import Fraction

import numpy as np
from safetensors.numpy import load_file, save_file

EMOTIONS = 8


def majority(votes):
    most = max(votes)
    if sum(votes) == 0 or Fraction(most, sum(votes)) <= Fraction(1, 2):
        return {}
    return {votes.index(most): most}


def distribution(votes):
    taken = {}
    for level in sorted({v for v in votes if v > 0}, reverse=True):
        if len(taken) >= 3 or Fraction(sum(taken.values()), sum(votes)) >= Fraction(3, 4):
            break
        columns = [c for c, v in enumerate(votes) if v == level]
        taken.update({c: level for c in columns if c < EMOTIONS})
        if columns[-1] >= EMOTIONS:
            break
    if len(taken) > 3 or 2 * sum(taken.values()) <= sum(votes):
        return {}
    return taken


def targets(rows, rule):
    result = np.zeros((len(rows), EMOTIONS), dtype=np.float32)
    for target, row in zip(result, rows):
        shares = rule([v if v > 1 else 0 for v in row.tolist()])
        shares = {c: v for c, v in shares.items() if c < EMOTIONS}
        for column, value in shares.items():
            target[column] = value / sum(shares.values())
    return result


def main(source, target):
    votes = load_file(source)["votes"].astype(int)
    save_file(
        {"majority": targets(votes, majority), "distribution": targets(votes, distribution)}, target
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
