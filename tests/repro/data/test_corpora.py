import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro.data.corpora import facts, monolingual, parallel, read, sampled, shares
from repro.errors import LabError
from tests.repro.small_corpus import located

LINES = {"eng": [f"e{i}" for i in range(100)], "deu": [f"d{i}" for i in range(10)], "kat": ["k"]}


def test_lines_are_read_by_language_and_translations_by_key(tmp_path):
    lines, keyed = read(located(tmp_path), ["eng", "deu", "fra", "kat"], longest=100)
    assert lines["deu"] == ["Am Anfang war das Wort.", "Die Äpfel sind rot."]
    assert lines["kat"] == ["პირველი წიგნი"]
    assert keyed["bible.tsv.xz", "1"] == {"eng": "In the beginning was the word.", "deu": "Am Anfang war das Wort."}
    assert keyed["sib200.tsv.xz", "train", "7"] == {"eng": "A second text.", "fra": "Un texte."}
    # What has no key is no translation of anything.
    assert not any("პირველი წიგნი" in versions.values() for versions in keyed.values())


def test_long_lines_and_other_languages_are_left_out(tmp_path):
    lines, keyed = read(located(tmp_path), ["eng", "deu"], longest=20)
    assert set(lines) == {"eng", "deu"}
    assert lines["deu"] == ["Die Äpfel sind rot."]
    assert ("bible.tsv.xz", "1") not in keyed
    assert all(set(versions) <= {"eng", "deu"} for versions in keyed.values())


def test_a_language_without_text_is_an_error(tmp_path):
    with pytest.raises(LabError, match="no text in tha, xho"):
        read(located(tmp_path), ["eng", "tha", "xho"], longest=100)


def test_shares_by_hand():
    assert shares({"a": 16, "b": 1, "c": 0}, 0.5) == {"a": 0.8, "b": 0.2}
    assert shares({"a": 7, "b": 21}, 1.0) == {"a": 0.25, "b": 0.75}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 10**9), min_size=1), st.floats(0, 1))
def test_shares_add_up_and_alpha_raises_the_small(sizes, alpha):
    found = shares(sizes, alpha)
    assert sum(found.values()) == pytest.approx(1)
    smallest = min(sizes, key=sizes.__getitem__)
    assert found[smallest] >= sizes[smallest] / sum(sizes.values()) * (1 - 1e-9)
    assert sorted(found, key=lambda k: (found[k], k)) == sorted(sizes, key=lambda k: (found[k], k))


def test_a_small_language_is_repeated_and_a_large_one_cut():
    chosen = monolingual(LINES, 60, 0.3, seed=1)
    counts = {language: len(own) for language, own in chosen.items()}
    assert sum(counts.values()) == pytest.approx(60, abs=2)
    assert counts["eng"] > counts["deu"] > counts["kat"] > 1
    assert len(set(chosen["eng"])) == counts["eng"]  # none is drawn twice while others were never drawn
    assert {chosen["deu"].count(line) for line in LINES["deu"]} <= {counts["deu"] // 10, counts["deu"] // 10 + 1}
    assert set(chosen["kat"]) == {"k"}


def test_the_same_seed_draws_the_same_lines():
    assert monolingual(LINES, 60, 0.3, 1) == monolingual(LINES, 60, 0.3, 1)
    assert monolingual(LINES, 60, 0.3, 1) != monolingual(LINES, 60, 0.3, 2)
    assert LINES["deu"] == [f"d{i}" for i in range(10)]


KEYED = {
    ("x", "1"): {"eng": "one", "deu": "eins", "kat": "ერთი"},
    ("x", "2"): {"eng": "two", "deu": "zwei"},
    ("x", "3"): {"deu": "drei", "kat": "სამი"},
}


def test_pairs_are_english_and_its_translation_in_either_order():
    found = parallel(KEYED, 40, 0.3, seed=1)
    assert len(found) == pytest.approx(40, abs=1)
    assert {(language, *sorted(texts)) for language, *texts in found} == {
        ("deu", "eins", "one"),
        ("deu", "two", "zwei"),
        ("kat", "one", "ერთი"),
    }
    assert {first for _, first, _ in found} >= {"one", "eins"}
    counts = [sum(language == wanted for language, *_ in found) for wanted in ("deu", "kat")]
    assert counts == [22, 18]  # 2 ** 0.3 = 1.23 to 1
    assert found == parallel(KEYED, 40, 0.3, seed=1)
    assert found != parallel(KEYED, 40, 0.3, seed=2)
    assert parallel(KEYED, 0, 0.3, seed=1) == parallel({}, 40, 0.3, seed=1) == []


def test_what_there_is_of_a_language():
    lines = {"eng": ["one", "two", "three"], "kat": ["ერთი"]}
    assert facts(lines, KEYED, {"eng": 5, "kat": 2}) == {
        "eng": {"text": 5, "lines": 3, "aligned": 2},
        "kat": {"text": 2, "lines": 1, "aligned": 1},
    }


def test_what_was_sampled_for_a_language_are_its_lines_and_its_pairs():
    found = sampled({"eng": ["one"], "kat": ["ერთი"]}, [("kat", "two", "ორი")])
    assert found == {"eng": ["one"], "kat": ["ერთი", "two", "ორი"]}
