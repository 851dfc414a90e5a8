import pytest

from repro.data.library import Library
from repro.errors import LabError
from repro.stages import count, read_json
from tests.repro.conftest import LANGUAGES

LEAVES = "(<L N NN NN apples N>) (<L S\\NP VBP VBP fall S\\NP>)"


def counted(make_job, params, library=None):
    job = make_job(params, library=library)
    count.run(job)
    return read_json(job.out / "measurements.json")


@pytest.fixture
def ccgbank(tmp_path):
    folder = tmp_path / "pulled" / "ccgbank"
    folder.mkdir(parents=True)
    derivations = "".join(f"ID=wsj_000{i}.1\n{LEAVES}\n" for i in range(3))
    for name in ("train.auto", "dev.auto"):
        (folder / name).write_text(derivations)
    return Library(None, folder.parent)


def test_published_examples_are_counted_as_they_are_read(make_job, ccgbank):
    params = {"tasks": {"ccg": {"source": "published", "examples": 2, "dev": 0}}}
    assert counted(make_job, params, ccgbank) == [
        {
            "language": "all",
            "metric": "examples",
            "value": 3.0,  # all of them, however many a training run would draw
            "n": 3,
            "distance": None,
            "published": True,
            "stated": 38_015,
        }
    ]


def test_generated_examples_say_nothing_of_the_published_set(make_job):
    params = {"tasks": {"mnli": {"source": "generated", "examples": 7, "dev": 0}}, "languages": LANGUAGES}
    (row,) = counted(make_job, params)
    assert (row["value"], row["published"], row["stated"]) == (7.0, False, 392_702)


def test_a_damaged_set_is_an_error_and_no_count(make_job, ccgbank):
    (ccgbank.pulled / "ccgbank" / "train.auto").write_text("ID=1\nnothing\n")
    with pytest.raises(LabError, match=r"train\.auto, line 2"):
        counted(make_job, {"tasks": {"ccg": {"source": "published", "examples": 0, "dev": 0}}}, ccgbank)
