import pytest

from repro.models.tokenizer import load_tokenizer
from repro.stages import corpus, read_json
from tests.repro.small_corpus import located

PARAMS = {
    "languages": ["deu", "fra", "kat"],
    "lines": 40,
    "pairs": 12,
    "alpha": 0.3,
    "longest": 100,
    "vocabulary": 400,
    "alphabet": 40,
}


class Tiny:
    def __init__(self, folder):
        self.located = located(folder)

    def locate(self, name):
        assert name == "multilingual-raw"
        return self.located


@pytest.fixture
def made(make_job, tmp_path):
    def make(seed=1):
        job = make_job(PARAMS, seed, Tiny(tmp_path))
        corpus.run(job)
        return job.out

    return make


def test_text_pairs_facts_and_tokenizer_are_written(made):
    out = made()
    assert {file.stem for file in (out / "text").iterdir()} == {"eng", "deu", "fra", "kat"}
    lines = {file.stem: file.read_text(encoding="utf-8").splitlines() for file in (out / "text").iterdir()}
    assert sum(map(len, lines.values())) == pytest.approx(40, abs=2)
    assert set(lines["deu"]) == {"Am Anfang war das Wort.", "Die Äpfel sind rot."}
    pairs = [row.split("\t") for row in (out / "pairs.tsv").read_text(encoding="utf-8").splitlines()]
    assert {language for language, *_ in pairs} == {"deu", "fra"}
    assert {len(row) for row in pairs} == {3}
    assert read_json(out / "languages.json")["deu"]["aligned"] == 2
    tokenizer = load_tokenizer(out / "tokenizer")
    assert len(tokenizer) <= 400
    assert tokenizer.unk_token_id not in tokenizer("სხვა ტექსტი")["input_ids"]


def test_the_same_seed_gives_the_same_files(made):
    first, second, other = made(), made(), made(2)
    for name in ("pairs.tsv", "text/eng.txt", "tokenizer/tokenizer.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert (first / "pairs.tsv").read_bytes() != (other / "pairs.tsv").read_bytes()
