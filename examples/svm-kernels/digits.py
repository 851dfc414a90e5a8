"""Accuracy of a support vector machine on scikit-learn's digits, by the procedure of Hsu, Chang & Lin.

Features scaled to [-1, 1], C (and gamma) chosen by cross-validation on the training part, one test on the rest.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.svm import SVC

# Every second step of the guide's coarse grid: C = 2^-5 … 2^15, gamma = 2^-15 … 2^3.
C = [2.0**power for power in range(-5, 16, 4)]
GAMMA = [2.0**power for power in range(-15, 4, 4)]
FOLDS = 3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kernel", choices=("linear", "rbf"), required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    images, digits = load_digits(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(
        images, digits, test_size=0.25, stratify=digits, random_state=options.seed
    )
    grid = {"svc__C": C} if options.kernel == "linear" else {"svc__C": C, "svc__gamma": GAMMA}
    model = make_pipeline(MinMaxScaler((-1, 1)), SVC(kernel=options.kernel))
    search = GridSearchCV(model, grid, cv=FOLDS).fit(train_x, train_y)
    result = {"accuracy": search.score(test_x, test_y), "items": len(test_y), "chosen": search.best_params_}
    (options.out / "result.json").write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
