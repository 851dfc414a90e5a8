"""The file of weights: what is written is read again, what is none is refused."""

from __future__ import annotations

import json

import numpy as np
import pytest

from synth.claims.detector import Detector, document_of, load, save
from synth.claims.features import BLOCKS, PLACES, Document, width
from synth.errors import SynthError
from synth.types import PassageKind
from tests.claims.helpers import passage


def made(**changes) -> Detector:
    rng = np.random.default_rng(1)
    parts = {
        "beta": rng.normal(size=width(BLOCKS, 4) + 1).astype(np.float32).astype(np.float64),
        "neutral": rng.normal(size=PLACES).astype(np.float32).astype(np.float64),
        "blocks": BLOCKS,
        "dimension": 4,
        "threshold": 0.4,
        "encoder": "abc",
        "about": {"data": "made up"},
    }
    return Detector(**(parts | changes))


def test_what_is_saved_is_loaded(tmp_path):
    save(made(), tmp_path / "d.safetensors")
    found = load(tmp_path / "d.safetensors")
    document = Document.abstract(("We find that it works.", "It rains."))
    vectors = np.eye(4)[:2]
    assert found.chances(document, vectors).tolist() == made().chances(document, vectors).tolist()
    assert (found.threshold, found.encoder, found.about) == (0.4, "abc", {"data": "made up"})


def test_the_chance_is_the_logistic_of_the_weighted_columns():
    beta = np.zeros(5)
    beta[:] = [1.0, 0.0, -2.0, 0.0, 0.5]
    found = made(beta=beta, blocks=("embedding",)).chances(Document.abstract(("a", "b")), np.eye(4)[[0, 2]])
    assert found.tolist() == pytest.approx([1 / (1 + np.exp(-1.5)), 1 / (1 + np.exp(1.5))])


def test_no_sentences_no_chances():
    assert made().chances(Document((), ()), np.zeros((0, 4))).shape == (0,)


@pytest.mark.parametrize(
    "changes",
    [
        {"beta": np.zeros(7)},
        {"neutral": np.zeros(3)},
        {"threshold": 2.0},
        {"blocks": ("embedding", "else")},
        {"dimension": -1},
        {"beta": np.full(width(BLOCKS, 4) + 1, np.nan)},
    ],
    ids=str,
)
def test_weights_that_do_not_fit_are_refused(tmp_path, changes):
    save(made(**changes), tmp_path / "d.safetensors")
    with pytest.raises(SynthError, match="cannot be loaded"):
        load(tmp_path / "d.safetensors")


def test_other_files_are_refused(tmp_path):
    file = tmp_path / "d.safetensors"
    for data in (b"", b"PK\x03\x04 a pickle or so", b"\xff" * 100, b"\x00" * (6 * 2**20)):
        file.write_bytes(data)
        with pytest.raises(SynthError, match="cannot be loaded"):
            load(file)
    from safetensors.numpy import save_file

    save_file({"x": np.zeros(3)}, file, metadata={"detector": json.dumps({"format": "x"})})
    with pytest.raises(SynthError, match="cannot be loaded"):
        load(file)
    with pytest.raises(SynthError, match="cannot be loaded"):
        load(tmp_path / "absent.safetensors")


def test_a_paper_is_read_in_order_without_its_cells():
    passages = [
        passage("Second.", "5 results", 2),
        passage("1.0", order=1, kind=PassageKind.CELL),
        passage("First.", "abstract", 0),
        passage("Table 1: All.", "5 results", 3, PassageKind.CAPTION),
    ]
    document, orders = document_of(passages)
    assert document == Document(("First.", "Second.", "Table 1: All."), ("abstract", "results", "caption"))
    assert orders == (0, 2, 3)
