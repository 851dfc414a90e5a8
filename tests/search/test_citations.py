"""Citation marks resolved through a reference list."""

from synth.search.citations import Cited, ReferenceList, cited

PHANG = Cited(
    1,
    "English Intermediate-Task Training Improves Zero-Shot Cross-Lingual Transfer Too",
    ("Jason Phang", "Iacer Calixto"),
    2020,
    "2005.13013",
)
CONNEAU = Cited(
    2, "Unsupervised Cross-lingual Representation Learning at Scale", ("Alexis Conneau",), 2020, "1911.02116"
)
WU = Cited(3, "Beto, Bentz, Becas: The Surprising Cross-Lingual Effectiveness of BERT", ("Shijie Wu",), 2019)
PAPERS = (PHANG, CONNEAU, WU)
NAMED = (
    "Alexis Conneau, Kartikay Khandelwal. 2020. Unsupervised cross-lingual representation learning at scale. ACL.",
    "Alexis Conneau and Guillaume Lample. 2019. Cross-lingual language model pretraining. In NeurIPS.",
    "Jason Phang et al. 2020. English intermediate-task training improves zeroshot cross-lingual transfer too. AACL.",
)
NUMBERED = (
    "[1] S. Wu and M. Dredze. Beto, Bentz, Becas: The surprising cross-lingual effectiveness of BERT. 2019.",
    "[2] Somebody Else. Something else entirely. 2018.",
    "[3] J. Phang et al. arXiv:2005.13013, 2020.",
)


def test_authors_and_year():
    known = ReferenceList(NAMED, PAPERS)
    assert known.cited("Phang et al. (2020) report a gain on XQuAD.") == {1}
    assert known.cited("This holds for XLM-R (Conneau et al., 2020; Phang et al., 2020).") == {1, 2}
    assert known.cited("Conneau and Lample (2019) pretrain on parallel text.") == frozenset()
    assert known.cited("Wu and Dredze (2019) see the same.") == frozenset()  # not in this paper's list
    assert known.cited("In 2020 it rained.") == frozenset()


def test_numbers():
    known = ReferenceList(NUMBERED, PAPERS)
    assert known.cited("Others [1] found the same.") == {3}
    assert known.cited("Others [1-3] found the same.") == {1, 3}
    assert known.cited("Others [2, 3] found the same.") == {1}
    assert known.cited("As in [2].") == frozenset()


def test_without_a_list_authors_and_year_have_to_do():
    known = ReferenceList((), PAPERS)
    assert known.cited("Wu and Dredze (2019) see the same.") == {3}
    twins = (WU, Cited(4, "Another paper by another Wu", ("Lin Wu",), 2019))
    assert ReferenceList((), twins).cited("Wu et al. (2019) see the same.") == frozenset()


def test_a_paper_does_not_cite_itself():
    passages = [(10, 1, "As Phang et al. (2020) have shown, it helps."), (11, 2, "Phang et al. (2020) show it helps.")]
    assert cited(passages, {1: NAMED, 2: NAMED}, PAPERS) == {11: {1}}
