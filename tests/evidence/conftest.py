"""One real encoder for all tests of this folder: loading it takes seconds."""

import pytest

from synth.evidence.encoder import Encoder


@pytest.fixture(scope="session")
def encoder(tmp_path_factory):
    return Encoder(cache=tmp_path_factory.mktemp("vectors") / "vectors.sqlite")
