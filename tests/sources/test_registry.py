"""Sources are found by their files, and listing them costs nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from synth.core.errors import UsageError
from synth.sources import names, source


def test_every_provider_is_a_source():
    assert {"arxiv", "local"} <= set(names())
    for name in names():
        found = source(name)
        assert found.name == name
        assert callable(found.query)
        assert callable(found.pages)
        assert callable(found.fetch_pdf)


def test_an_unknown_source_is_a_usage_error_with_the_closest_name():
    with pytest.raises(UsageError) as caught:
        source("arXive")
    assert "`arxiv`" in caught.value.do
    with pytest.raises(UsageError) as caught:
        source("pace")
    assert "arxiv, " in caught.value.do


def test_listing_and_the_local_source_load_no_network_library():
    code = (
        "import sys, json; from synth.sources import names, source; names(); source('local');"
        "print(json.dumps([*sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"requests", "arxiv", "lxml", "tenacity", "filelock"} & set(json.loads(done.stdout))
