import pytest

from synth.evidence.calibrator import plain
from synth.evidence.gather import Candidate, Claim, gather
from synth.evidence.judges import DOCUMENT, Pair, read_documents, recalibrated, trained
from synth.evidence.reader import SENTENCE, Reader
from synth.types import Stance
from tests.evidence.reading_stub import WordModel

CLAIM = "Tuning on English text helps the retrieval of translations."
FOR = "Retrieval of translations indeed profits when a model is tuned on English text."
AGAINST = "Retrieval of translations is wrongly said to profit when a model is tuned on English text."
OPEN = "Translations and their retrieval after tuning on English text are the subject."
WEATHER = "The weather was mild."
BOTH = {"named": plain(DOCUMENT, 0.5), "retrieved": plain(DOCUMENT, 0.9)}


@pytest.fixture
def model():
    return WordModel()


def test_a_passage_is_judged_where_the_model_is_sure(model):
    reader = Reader(model, plain(SENTENCE, 0.9))
    told = reader.opinions(CLAIM, [FOR, AGAINST, OPEN], [0.8, 0.8, 0.8])
    assert [stance for stance, _ in told] == [Stance.SUPPORT, Stance.CONTRADICT, Stance.NOT_ENOUGH_INFO]
    assert all(0.5 < chance <= 1 for _, chance in told)
    assert reader.opinions(CLAIM, [], []) == []


def test_a_document_is_read_by_its_telling_sentences(encoder, model):
    [reading] = read_documents([Pair(CLAIM, (WEATHER, FOR, WEATHER, OPEN))], model, encoder)
    assert set(reading.similarity) == {1, 3}
    assert model.asked == [(CLAIM, f"{FOR} {OPEN}")]
    assert len(reading.row) == len(DOCUMENT)


def test_opinions_about_documents(encoder, model):
    pairs = [
        Pair(CLAIM, (WEATHER, FOR, "Translations.")),
        Pair(CLAIM, (AGAINST,)),
        Pair(CLAIM, (WEATHER,)),
        Pair(CLAIM, ()),
    ]
    found = trained(model, encoder, BOTH)(pairs)
    assert [(o.stance, o.rationale) for o in found] == [
        (Stance.SUPPORT, (1,)),
        (Stance.CONTRADICT, (0,)),
        (Stance.NOT_ENOUGH_INFO, ()),
        (Stance.NOT_ENOUGH_INFO, ()),
    ]
    assert all(sum(o.probabilities.values()) == pytest.approx(1) for o in found)
    assert trained(model, encoder, BOTH)([]) == []


NUMBER = "XLM-R reaches 79.2% accuracy on XNLI."


@pytest.mark.parametrize("named", [True, False])
def test_numbers_stand_before_the_model(encoder, model, named):
    other, same = "XLM-R reaches 75.0% accuracy on XNLI.", "On XNLI, XLM-R reaches 79.2% accuracy."
    pairs = [Pair(NUMBER, (WEATHER, other), named), Pair(NUMBER, (same, WEATHER), named), Pair(NUMBER, (other, same))]
    against, for_it, both = trained(model, encoder, BOTH)(pairs)
    assert (against.stance, against.rationale) == (Stance.CONTRADICT, (1,))
    assert (for_it.stance, for_it.rationale) == (Stance.SUPPORT, (0,))
    assert both.stance is Stance.CONTRADICT  # a document that says both is no witness for the claim
    for opinion in (against, for_it, both):
        assert opinion.probabilities[opinion.stance] == max(opinion.probabilities.values()) > 0.6
        assert sum(opinion.probabilities.values()) == pytest.approx(1)


def test_a_named_document_speaks_of_its_own_work(encoder, model):
    """What "our" is in a document that a claim names is what the claim is about; of another document nobody knows."""
    own = "Our corpus contains 904,934 sentence pairs."
    claim = "The corpus contains 1,104,934 sentence pairs."
    named, found = trained(model, encoder, BOTH)([Pair(claim, (own,)), Pair(claim, (own,), named=False)])
    assert named.stance is Stance.CONTRADICT
    assert found.stance is Stance.NOT_ENOUGH_INFO


def test_retrieved_documents_have_numbers_of_their_own(encoder, model):
    [named, retrieved] = trained(model, encoder, BOTH)([Pair(CLAIM, (FOR,)), Pair(CLAIM, (FOR,), named=False)])
    assert named.stance is Stance.SUPPORT
    assert retrieved.stance is Stance.SUPPORT
    strict = {"named": plain(DOCUMENT, 0.5), "retrieved": plain(DOCUMENT, 0.99)}
    assert trained(model, encoder, strict)([Pair(CLAIM, (FOR,), named=False)])[0].stance is Stance.NOT_ENOUGH_INFO


def test_probabilities_put_right_leave_the_stance_alone(encoder, model):
    half = plain(("support", "contradict"), 0.5)
    flat = type(half)(half.columns, ((0.0, 0.0),) * 3, half.bias, half.bounds)
    [before] = trained(model, encoder, BOTH)([Pair(CLAIM, (FOR,))])
    [after] = recalibrated(trained(model, encoder, BOTH), {"named": flat})([Pair(CLAIM, (FOR,))])
    assert (after.stance, after.rationale) == (before.stance, before.rationale)
    assert list(after.probabilities.values()) == pytest.approx([1 / 3] * 3)


def gathered(encoder, model, passages, claim=CLAIM):
    reader = Reader(model, plain(SENTENCE, 0.9))
    candidates = [Candidate(i, paper, text) for i, (paper, text) in enumerate(passages)]
    [(_, rows)] = gather([Claim(1, claim, papers=frozenset({9}))], candidates, encoder, reader=reader)
    return {row.passage_id: row for row in rows}


def test_the_model_is_asked_where_the_rules_are_silent(encoder, model):
    rows = gathered(encoder, model, [(1, FOR), (2, AGAINST), (3, WEATHER)])
    assert (rows[0].stance, rows[0].method) == (Stance.SUPPORT, "model")
    assert (rows[1].stance, rows[1].method) == (Stance.CONTRADICT, "model")
    assert WEATHER not in [text for _, text in model.asked]


def test_where_a_rule_has_a_reason_the_model_is_not_asked(encoder, model):
    passages = [(1, f"We ask whether {FOR}"), (2, "Our retrieval of translations indeed profits from English text.")]
    rows = gathered(encoder, model, passages)
    assert all(row.stance is Stance.NOT_ENOUGH_INFO and row.note for row in rows.values())
    assert model.asked == []


@pytest.mark.parametrize(
    ("passage", "note"),
    [
        ("Tuning mBERT on English text indeed helps the retrieval of translations from French.", "another model"),
        ("Tuning on English text indeed helps the retrieval of translations.", "does not name xlmr"),
    ],
)
def test_what_is_about_something_else_is_not_evidence(encoder, model, passage, note):
    claim = "Tuning XLM-R on English text helps the retrieval of translations."
    rows = gathered(encoder, model, [(1, passage)], claim)
    assert rows[0].stance is Stance.NOT_ENOUGH_INFO
    assert note in rows[0].note
