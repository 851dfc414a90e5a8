"""Trees, and the tags that are taken from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro.errors import LabError
from repro.languages.grammar import ENGLISH
from repro.tasks import Noise, ccg, chunk, deprel, depth, upos
from repro.tasks.common.trees import Tree, checked, conllu

CONLLU = """# sent_id = 1
# text = The old man's dogs don't see him.
1\tThe\tthe\tDET\tDT\t_\t3\tdet\t_\t_
2\told\told\tADJ\tJJ\t_\t3\tamod\t_\t_
3-4\tman's\t_\t_\t_\t_\t_\t_\t_\t_
3\tman\tman\tNOUN\tNN\t_\t5\tnmod:poss\t_\t_
4\t's\t's\tPART\tPOS\t_\t3\tcase\t_\t_
5\tdogs\tdog\tNOUN\tNNS\t_\t8\tnsubj\t_\t_
6-7\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
6\tdo\tdo\tAUX\tVBP\t_\t8\taux\t_\t_
7\tn't\tnot\tPART\tRB\t_\t8\tadvmod\t_\t_
8\tsee\tsee\tVERB\tVB\t_\t0\troot\t_\t_
8.1\tgap\t_\t_\t_\t_\t_\t_\t_\t_
9\thim\the\tPRON\tPRP\t_\t8\tobj\t_\t_
10\t.\t.\tPUNCT\t.\t_\t8\tpunct\t_\t_

# sent_id = 2
1\tGo\tgo\tVERB\tVB\t_\t0\troot\t_\t_
"""


@pytest.fixture
def trees(tmp_path):
    (tmp_path / "x.conllu").write_text(CONLLU)
    return list(conllu(tmp_path / "x.conllu"))


def test_words_of_conllu_without_ranges_and_empty_nodes(trees):
    assert [len(tree.words) for tree in trees] == [10, 1]
    assert trees[0].words == ("The", "old", "man", "'s", "dogs", "do", "n't", "see", "him", ".")
    assert trees[0].xpos[:4] == ("DT", "JJ", "NN", "POS")


def test_tags_by_hand(trees):
    assert chunk.tags(trees[0]) == ["B-NP", *["I-NP"] * 4, "O", "O", "O", "B-NP", "O"]
    assert depth.tags(trees[0]) == ["3", "3", "2", "3", "1", "1", "1", "0", "1", "1"]
    assert deprel.tags(trees[0])[:5] == ["det>", "amod>", "nmod:poss>", "case<", "nsubj>"]
    assert deprel.tags(trees[0])[7:] == ["root", "obj<", "punct<"]


def tree(heads, upos, relations):
    words = tuple("abcdefghijkl"[: len(heads)])
    return Tree(words, tuple(upos), words, tuple(heads), tuple(relations))


def test_two_heads_side_by_side_are_two_chunks():
    # "gave | him | apples": both objects, no gap between them
    assert chunk.tags(tree((0, 1, 1), ("VERB", "PRON", "NOUN"), ("root", "iobj", "obj"))) == ["O", "B-NP", "B-NP"]


def test_what_does_not_stand_next_to_its_head_is_outside():
    # "all | see | men": a determiner away from its noun
    found = chunk.tags(tree((3, 0, 2), ("DET", "VERB", "NOUN"), ("det", "root", "obj")))
    assert found == ["O", "O", "B-NP"]


def test_adverbs_belong_to_chunks_below_adjectives_only():
    # "very old men run fast"
    found = tree((2, 3, 4, 0, 4), ("ADV", "ADJ", "NOUN", "VERB", "ADV"), ("advmod", "amod", "nsubj", "root", "advmod"))
    assert chunk.tags(found) == ["B-NP", "I-NP", "I-NP", "O", "O"]


def test_depth_has_an_end():
    assert depth.tags(tree(range(10), ["X"] * 10, ["dep"] * 10))[-3:] == ["7", "7", "7"]


@given(st.lists(st.integers(-2, 8), min_size=1, max_size=8))
def test_only_trees_pass(heads):
    found = tree(heads, ["X"] * len(heads), ["dep"] * len(heads))
    try:
        checked(found, "here")
    except LabError:
        return
    assert all(found.depth(i) < len(heads) for i in range(len(heads)))
    assert set(chunk.tags(found)) == {"O"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1\tGo\tgo\tVERB\tVB\t_\t0", "1\tGo\tgo\tVERB\tVB\t_\t1", "no tree"),
        ("1\tGo\tgo\tVERB\tVB\t_\t0", "1\tGo\tgo\tVERB\tVB\t_\t_", "no number"),
        ("1\tGo\tgo", "1\tGo", "9 columns"),
    ],
)
def test_a_damaged_file_is_an_error(tmp_path, old, new, message):
    (tmp_path / "x.conllu").write_text(CONLLU.replace(old, new))
    with pytest.raises(LabError, match=message):
        list(conllu(tmp_path / "x.conllu"))


def made(module, realm, count=400, language=ENGLISH):
    return module.SOURCES["generated"].make(realm, language, count, "train", Noise())


def test_the_role_of_a_word_is_not_in_the_word(realm):
    roles: dict[str, set[str]] = {}
    for example in made(ccg, realm):
        assert {"agent", "action", "thing"} <= set(example.tags)
        for word, tag in zip(example.words, example.tags, strict=True):
            roles.setdefault(word, set()).add(tag)
    assert any({"agent", "thing"} <= found for found in roles.values())
    assert all(e.tags[-1] == "action" for e in made(ccg, realm, 30, realm.language("dd")))


def test_generated_trees_have_one_root_and_every_kind_of_ambiguity(realm):
    assert {tag for e in made(upos, realm) for tag in e.tags} == {"NOUN", "PROPN", "VERB", "ADJ", "ADP"}
    for example in made(deprel, realm):
        assert example.tags.count("root") == 1
    found = {tag for e in made(deprel, realm) for tag in e.tags}
    assert {"nmod<", "obl<", "nsubj>", "obj<", "amod>", "case>", "root"} == found
    assert {tag for e in made(depth, realm) for tag in e.tags} == {"0", "1", "2", "3"}
    after = {tag for e in made(deprel, realm, language=realm.language("dd")) for tag in e.tags}
    assert {"nmod>", "obl>", "obj>", "amod<", "case<"} <= after
