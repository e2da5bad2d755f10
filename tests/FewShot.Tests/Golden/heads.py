#!/usr/bin/env python3
"""Writes heads.json: scikit-learn's own numbers for the heads. Needs python3-sklearn (made with 1.2 of Debian 12). Features by formula: see
formula.py and Heads/EpisodeSamples.cs."""
import json
import os

import numpy as np
from sklearn.linear_model import LogisticRegression, Ridge, RidgeCV
from sklearn.semi_supervised import LabelSpreading

from formula import uniform

EPISODES, WAY, QUERIES, SIZE = 3, 5, 4, 32


def episodes(shot):
    """Support E x S x D, labels S, queries E x Q x D; a third of what tells the classes apart is noise."""
    def draw(name, per_class):
        count = WAY * per_class
        labels = np.arange(count) % WAY
        values = uniform(f"{name} {shot}", EPISODES * count * SIZE).reshape(EPISODES, count, SIZE)
        return values + 0.4 * (np.arange(SIZE) % WAY == labels[:, None]), labels
    support, labels = draw("support", shot)
    query, _ = draw("query", QUERIES)
    return support, labels, query


def unit(values):
    return values / np.linalg.norm(values, axis=-1, keepdims=True)


def logistic(shot, c, prepare):
    support, labels, query = episodes(shot)
    found = []
    for known, asked in zip(prepare(support), prepare(query)):
        model = LogisticRegression(C=c, solver="saga", tol=1e-11, max_iter=1_000_000).fit(known, labels)
        found.append(model.predict_proba(asked))
    return np.array(found).flatten().tolist()


def ridge():
    """A whole data set of 30 images: the coefficients, and the answers of images left out."""
    support, labels, _ = episodes(6)
    x, y = support[0], np.eye(WAY)[labels]
    model = Ridge(alpha=0.3 * len(x), solver="cholesky").fit(x, y)
    left_out = np.array([Ridge(alpha=0.3 * len(x), solver="cholesky").fit(np.delete(x, i, 0), np.delete(y, i, 0)).predict(x[i:i + 1])[0]
                         for i in range(len(x))])
    quick = RidgeCV(alphas=[0.3 * len(x)], store_cv_values=True).fit(x, y)
    assert np.allclose(quick.cv_values_[:, :, 0], (left_out - y) ** 2, atol=1e-9)
    return {"weight": model.coef_.flatten().tolist(), "bias": model.intercept_.tolist(), "left_out": left_out.flatten().tolist()}


def spreading(shot, alpha, width):
    support, labels, query = episodes(shot)
    found = []
    for known, asked in zip(unit(support), unit(query)):
        model = LabelSpreading(kernel="rbf", gamma=1 / (2 * width ** 2), alpha=alpha, tol=1e-14, max_iter=100_000)
        model.fit(np.concatenate([known, asked]), np.concatenate([labels, np.full(len(asked), -1)]))
        found.append(model.label_distributions_[len(known):])
    return np.array(found).flatten().tolist()


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "heads.json"), "w") as file:
    json.dump({
        "logistic 1 shot": logistic(1, 1.0, unit),
        "logistic 5 shots": logistic(5, 1.0, unit),
        "logistic 5 shots, C 100, as they are": logistic(5, 100.0, lambda values: values),
        "logistic 8 shots, C 0.1": logistic(8, 0.1, unit),
        "ridge": ridge(),
        "label spreading": spreading(2, 0.9, 0.3),
    }, file)
    file.write("\n")
