from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.claims import load_lexicon
from synth.core.errors import SynthError


def names(text: str) -> list[str]:
    return [m.name for m in load_lexicon().mentions(text)]


def test_aliases_and_the_longest_spelling():
    assert names("XLM-RoBERTa, XLM-R Large and XLM") == ["XLM-R", "XLM-R Large", "XLM"]
    assert names("SQuAD v2.0, SQuAD and SQuAD 1.1") == ["SQuAD v2.0", "SQuAD", "SQuAD v1.1"]
    assert names("multi-task intermediate training") == ["multi-task intermediate-task training"]


def test_case_tells_names_from_words():
    assert names("a Polish parser; please polish it") == ["Polish"]
    assert names("NER, ner and sooner") == ["named entity recognition"]


def test_mentions_point_at_their_text():
    text = "We test Tatoeba and F1 scores."
    assert [text[m.start : m.end] for m in load_lexicon().mentions(text)] == ["Tatoeba", "F1"]


def test_a_workspace_adds_names_and_spellings(tmp_path: Path):
    file = tmp_path / "lexicon.toml"
    file.write_text('[dataset]\n"FooBench" = ["Foo-B"]\n"Tatoeba" = ["Tato"]\n', encoding="utf-8")
    found = [m.name for m in load_lexicon(file).mentions("On Foo-B, Tato, Tatoeba and BUCC")]
    assert found == ["FooBench", "Tatoeba", "Tatoeba", "BUCC"]
    assert names("Foo-B") == []


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("[colour]\nred = []\n", "unknown kind"),
        ('[dataset]\nFoo = "bar"\n', "not a list"),
        ("[dataset]\nFoo = [1]\n", "not a list"),
        ("dataset = 3\n", "not a list"),
        ("[dataset\n", "not valid TOML"),
    ],
)
def test_a_bad_file_says_what_and_what_to_do(tmp_path: Path, content: str, says: str):
    file = tmp_path / "lexicon.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SynthError) as error:
        load_lexicon(file)
    assert says in error.value.what
    assert error.value.do


def test_a_missing_binary_or_huge_file(tmp_path: Path):
    with pytest.raises(SynthError, match="cannot be read"):
        load_lexicon(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SynthError, match="cannot be read"):
        load_lexicon(tmp_path / "binary.toml")
    (tmp_path / "huge.toml").write_bytes(b"#" * 2_000_001)
    with pytest.raises(SynthError, match="over"):
        load_lexicon(tmp_path / "huge.toml")


@given(st.text(max_size=200))
def test_mentions_never_raise_nor_overlap(text: str):
    end = 0
    for mention in load_lexicon().mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end


def test_codes_of_languages_count_only_where_codes_stand():
    assert names("93.0 (de) and 88.4 (fi), en-de, en→fr") == [
        "German",
        "Finnish",
        "English",
        "German",
        "English",
        "French",
    ]
    assert names("it is in my id, by-the-way, pre-my and (it seems)") == []


def test_two_versions_are_two_names():
    assert names("WMT14 and WMT16, BERT-base and BERT-large, GPT-2 and GPT-3") == [
        "WMT 2014",
        "WMT 2016",
        "BERT Base",
        "BERT Large",
        "GPT-2",
        "GPT-3",
    ]


def test_no_spelling_belongs_to_two_names():
    seen: dict[str, str] = {}
    for kind, entries in load_lexicon().names.items():
        for name, aliases in entries.items():
            for spelling in {*aliases, *([] if kind == "code" else [name])}:
                assert seen.setdefault(spelling, name) == name, spelling


def test_a_workspace_serves_evidence_too(tmp_path: Path):
    from synth.core.types import Stance
    from synth.core.workspace import Workspace
    from synth.evidence.passages.stance import judge
    from synth.text.workspace_lexicon import lexicon_of

    claim = SimpleNamespace(text="Our model reaches 80.9% accuracy on FooBench.", predictions=())
    passage = "Our model reaches 80.9% accuracy on Foo-B."
    (tmp_path / "lexicon.toml").write_text('[dataset]\n"FooBench" = ["Foo-B"]\n', encoding="utf-8")
    own = lexicon_of(Workspace(tmp_path))
    assert judge(claim, passage, 0.9, same_paper=True).stance is Stance.NOT_ENOUGH_INFO
    assert judge(claim, passage, 0.9, same_paper=True, lexicon=own).stance is Stance.SUPPORT
