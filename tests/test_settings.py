"""Flag > environment > synth.toml > default."""

import pytest

from synth.errors import UsageError
from synth.settings import Settings, load


def test_defaults(tmp_path):
    assert load(tmp_path, {}) == Settings()


def test_environment_wins_over_file(tmp_path):
    (tmp_path / "synth.toml").write_text('max_papers = 5\nauthor = "A"\n')
    found = load(tmp_path, {"SYNTH_MAX_PAPERS": "7"})
    assert (found.max_papers, found.author) == (7, "A")


@pytest.mark.parametrize(
    ("text", "word"),
    [("max_paper = 5", "max_papers"), ("max_papers = ", "TOML"), ('max_papers = "many"', "many"), ("jobs = 0", "jobs")],
)
def test_a_bad_file_is_named(tmp_path, text, word):
    (tmp_path / "synth.toml").write_text(text)
    with pytest.raises(UsageError) as caught:
        load(tmp_path, {})
    assert word in caught.value.what + caught.value.do
