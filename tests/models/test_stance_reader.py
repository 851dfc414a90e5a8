import pytest

from synth.core.types import Stance
from synth.evidence.calibrator import plain
from synth.evidence.document_judge import recalibrated, trained
from synth.evidence.documents import COLUMNS, DocumentPair, read_documents
from synth.models.stance_reader import Reader
from tests.evidence.reading_stub import WordModel

CLAIM = "Tuning on English text helps the retrieval of translations."
FOR = "Retrieval of translations indeed profits when a model is tuned on English text."
AGAINST = "Retrieval of translations is wrongly said to profit when a model is tuned on English text."
OPEN = "Translations and their retrieval after tuning on English text are the subject."
WEATHER = "The weather was mild."
BOTH = {"named": plain(COLUMNS, 0.5), "retrieved": plain(COLUMNS, 0.6)}


@pytest.fixture
def model():
    return WordModel()


def test_log_odds_are_over_not_enough_info(model):
    found = Reader(model).log_odds([(CLAIM, FOR), (CLAIM, AGAINST), (CLAIM, OPEN)])
    assert found.tolist() == [[3.0, -1.0], [-1.0, 3.0], [-1.0, -1.0]]
    assert Reader(model).log_odds([]).shape == (0, 2)


def test_a_document_is_read_by_its_telling_sentences(encoder, model):
    [reading] = read_documents([DocumentPair(CLAIM, (WEATHER, FOR, WEATHER, OPEN))], model, encoder)
    assert set(reading.similarity) == {1, 3}
    assert model.asked == [(CLAIM, f"{FOR} {OPEN}")]
    assert len(reading.row) == len(COLUMNS)


def test_opinions_about_documents(encoder, model):
    pairs = [
        DocumentPair(CLAIM, (WEATHER, FOR, "Translations.")),
        DocumentPair(CLAIM, (AGAINST,)),
        DocumentPair(CLAIM, (WEATHER,)),
        DocumentPair(CLAIM, ()),
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


def test_no_numbers_from_the_model_leave_documents_open(encoder):
    class Silent(WordModel):
        def logits(self, pairs, progress=None):
            return super().logits(pairs) * float("nan")

    (found,) = trained(Silent(), encoder, BOTH)([DocumentPair(CLAIM, (FOR,))])
    assert found.stance is Stance.NOT_ENOUGH_INFO
    assert sum(found.probabilities.values()) == pytest.approx(1)


NUMBER = "XLM-R reaches 79.2% accuracy on XNLI."


@pytest.mark.parametrize("named", [True, False])
def test_numbers_stand_before_the_model(encoder, model, named):
    other, same = "XLM-R reaches 75.0% accuracy on XNLI.", "On XNLI, XLM-R reaches 79.2% accuracy."
    pairs = [
        DocumentPair(NUMBER, (WEATHER, other), named),
        DocumentPair(NUMBER, (same, WEATHER), named),
        DocumentPair(NUMBER, (other, same)),
    ]
    against, for_it, both = trained(model, encoder, BOTH)(pairs)
    assert (against.stance, against.rationale) == (Stance.CONTRADICT, (1,))
    assert (for_it.stance, for_it.rationale) == (Stance.SUPPORT, (0,))
    assert both.stance is Stance.CONTRADICT  # a document that says both is no witness for the claim
    for opinion in (against, for_it, both):
        assert opinion.probabilities[opinion.stance] == max(opinion.probabilities.values()) > 0.5
        assert sum(opinion.probabilities.values()) == pytest.approx(1)


def test_a_named_document_speaks_of_its_own_work(encoder, model):
    """Read "our" in a document that a claim names as what the claim is about; of another document nobody knows."""
    own = "Our corpus contains 904,934 sentence pairs."
    claim = "The corpus contains 1,104,934 sentence pairs."
    named, found = trained(model, encoder, BOTH)(
        [DocumentPair(claim, (own,)), DocumentPair(claim, (own,), named=False)]
    )
    assert named.stance is Stance.CONTRADICT
    assert found.stance is Stance.NOT_ENOUGH_INFO


def test_retrieved_documents_have_numbers_of_their_own(encoder, model):
    [named, retrieved] = trained(model, encoder, BOTH)(
        [DocumentPair(CLAIM, (FOR,)), DocumentPair(CLAIM, (FOR,), named=False)]
    )
    assert named.stance is Stance.SUPPORT
    assert retrieved.stance is Stance.SUPPORT
    strict = {"named": plain(COLUMNS, 0.5), "retrieved": plain(COLUMNS, 0.99)}
    assert (
        trained(model, encoder, strict)([DocumentPair(CLAIM, (FOR,), named=False)])[0].stance is Stance.NOT_ENOUGH_INFO
    )


def test_probabilities_put_right_leave_the_stance_alone(encoder, model):
    half = plain(("support", "contradict"), 0.5)
    flat = type(half)(half.columns, ((0.0, 0.0),) * 3, half.bias, half.bounds)
    [before] = trained(model, encoder, BOTH)([DocumentPair(CLAIM, (FOR,))])
    [after] = recalibrated(trained(model, encoder, BOTH), {"named": flat})([DocumentPair(CLAIM, (FOR,))])
    assert (after.stance, after.rationale) == (before.stance, before.rationale)
    assert list(after.probabilities.values()) == pytest.approx([1 / 3] * 3)
