"""Flag > environment > synth.toml > default."""

import pytest

from synth.core.errors import UsageError
from synth.core.settings import Settings, load


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


@pytest.mark.parametrize(
    ("name", "setting"),
    [
        ("OPENALEX_API_KEY", "openalex_api_key"),
        ("S2_API_KEY", "s2_api_key"),
        ("SEMANTIC_SCHOLAR_API_KEY", "s2_api_key"),
        ("CROSSREF_MAILTO", "contact"),
        ("SYNTH_CONTACT", "contact"),
    ],
)
def test_the_names_that_users_already_have(tmp_path, name, setting):
    assert getattr(load(tmp_path, {name: "x@y.example"}), setting) == "x@y.example"
    assert getattr(load(tmp_path, {name: " x "}), setting) == "x"
    assert getattr(load(tmp_path, {"SYNTH_" + setting.upper(): "ours", name: "theirs"}), setting) in ("ours", "theirs")
    assert load(tmp_path, {"SYNTH_S2_API_KEY": "ours", "S2_API_KEY": "theirs"}).s2_api_key == "ours"


def test_a_key_is_never_shown(tmp_path):
    settings = load(tmp_path, {"S2_API_KEY": "secret", "OPENALEX_API_KEY": "hidden"})
    assert "secret" not in repr(settings)
    assert "hidden" not in repr(settings)
    with pytest.raises(UsageError) as caught:
        load(tmp_path, {"S2_API_KEY": "two secret words"})
    assert "secret" not in caught.value.what + caught.value.do


def test_several_sources_are_a_list_or_a_text_with_commas(tmp_path):
    for written in ('["arxiv", "local"]', '"arxiv, local"'):
        (tmp_path / "synth.toml").write_text(f"sources = {written}")
        assert load(tmp_path, {}).sources == "arxiv, local"


def test_a_cache_of_no_hours_is_none(tmp_path):
    assert load(tmp_path, {"SYNTH_CACHE_HOURS": "0"}).cache_hours == 0
