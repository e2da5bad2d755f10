#!/usr/bin/env python3
"""Writes evaluation.json: calibration, rejection, prediction sets and a paired t-test by NumPy, SciPy and scikit-learn.

The scores come from the formula of Formulas.cs, so that both sides compute on the same numbers.
"""
import json
import math
import sys

import numpy
import scipy.optimize
import scipy.special
import scipy.stats
import sklearn.metrics

COUNT, CLASSES, BINS = 300, 4, 15
scores = numpy.array([[math.sin(1 + 0.7 * i + 1.3 * j * (1 + i % 3)) * 2 + 0.1 * j for j in range(CLASSES)] for i in range(COUNT)], numpy.float64)
# Most answers are right, some are not.
labels = numpy.array([int(scores[i].argmax()) if i % 10 < 6 else (i * i + i // 3) % CLASSES for i in range(COUNT)])
probabilities = scipy.special.softmax(scores, axis=1)
confidence = probabilities.max(1).astype(numpy.float32).astype(numpy.float64)
right = probabilities.argmax(1) == labels


def expected_error(groups):
    return sum(len(g) / COUNT * abs(confidence[g].mean() - right[g].mean()) for g in groups if len(g))


edges = numpy.linspace(0, 1, BINS + 1)
width = [numpy.flatnonzero((confidence > edges[b]) & (confidence <= edges[b + 1])) for b in range(BINS)]
order = numpy.argsort(confidence, kind="stable")
mass = [order[COUNT * b // BINS:COUNT * (b + 1) // BINS] for b in range(BINS)]
best = scipy.optimize.minimize_scalar(
    lambda t: sklearn.metrics.log_loss(labels, scipy.special.softmax(scores / t, axis=1), labels=range(CLASSES)), bounds=(0.05, 20), method="bounded",
    options={"xatol": 1e-10})

known, unknown = probabilities[:200].max(1), probabilities[200:].max(1) * 0.8
truth = numpy.r_[numpy.ones(200), numpy.zeros(100)]
# The variance of DeLong, from its definition: a mean over all pairs.
kernel = (known[:, None] > unknown[None]).astype(float) + 0.5 * (known[:, None] == unknown[None])
deviation = math.sqrt(kernel.mean(1).var(ddof=1) / 200 + kernel.mean(0).var(ddof=1) / 100)

nonconformity = numpy.sort(1 - probabilities[numpy.arange(150), labels[:150]])
threshold = nonconformity[math.ceil(151 * 0.9) - 1]
sets = 1 - probabilities[150:] <= threshold

one = numpy.array([(7 * i % 10) / 10 for i in range(40)])
other = numpy.array([min(1, max(0, (7 * i % 10) / 10 + ((3 * i % 7) - 2) / 20)) for i in range(40)])
test = scipy.stats.ttest_rel(other, one)

json.dump({
    "loss": sklearn.metrics.log_loss(labels, probabilities, labels=range(CLASSES)),
    "equalWidth": expected_error(width),
    "equalMass": expected_error(mass),
    "counts": [len(g) for g in width if len(g)],
    "temperature": best.x,
    "temperatureLoss": best.fun,
    "auroc": sklearn.metrics.roc_auc_score(truth, numpy.r_[known, unknown]),
    "aurocHalfWidth": scipy.stats.norm.ppf(0.975) * deviation,
    "falseAcceptance": float((unknown >= numpy.sort(known)[::-1][math.ceil(0.95 * 200) - 1]).mean()),
    "lacThreshold": threshold,
    "lacCovered": int(sets[numpy.arange(150), labels[150:]].sum()),
    "lacSize": float(sets.sum(1).mean()),
    "energy": [float(v) for v in scipy.special.logsumexp(scores[:5], axis=1)],
    "first": one.tolist(),
    "second": other.tolist(),
    "pValue": test.pvalue,
}, sys.stdout, indent=1)
print()
