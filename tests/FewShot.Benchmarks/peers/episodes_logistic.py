"""The scikit-learn side of `episodes-logistic`: one logistic regression after another, on vectors of length 1, as the code of Tian et al. 2020
fits them."""
import sys
import time

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression

answers_path, features_path, episodes_path = sys.argv[1:4]
size, episodes, shots, queries = (int(argument) for argument in sys.argv[4:8])
features = numpy.fromfile(features_path, dtype="<f4").reshape(-1, size)
numbers = numpy.fromfile(episodes_path, dtype="<i8")
support, labels, query = numpy.split(numbers, [episodes * shots, 2 * episodes * shots])
support, labels, query = support.reshape(episodes, -1), labels.reshape(episodes, -1), query.reshape(episodes, -1)


def unit(values):
    return values / numpy.linalg.norm(values, axis=1, keepdims=True)


def fit():
    answers = numpy.empty_like(query)
    for episode in range(episodes):
        model = LogisticRegression(C=1.0, solver="lbfgs", max_iter=1000, random_state=0)
        model.fit(unit(features[support[episode]]), labels[episode])
        answers[episode] = model.predict(unit(features[query[episode]]))
    return answers


print(f"scikit-learn {sklearn.__version__}", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    answers = fit()
    seconds = time.perf_counter() - start
    answers.astype("<i8").tofile(answers_path)
    print(repr(seconds), flush=True)
