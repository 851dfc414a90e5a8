import json

import pytest

from repro.targets import TargetOptions, heldout


def test_rows_of_every_language_but_english(tmp_path, meanings, quiet):
    (tmp_path / "heldout").mkdir()
    facts = {"en": {"distance": 0.0}, "aa": {"distance": 0.25}, "bb": {"distance": 0.75}}
    (tmp_path / "languages.json").write_text(json.dumps(facts))
    for code in facts:
        lines = [f"{code} {'x' if code == 'bb' else ''}{i}" for i in range(20)]
        (tmp_path / "heldout" / f"{code}.txt").write_text("\n".join(lines) + "\n")
    encode = meanings(lambda text: text.split()[1])
    rows = heldout.measure(TargetOptions.read({"neighbours": 5}), None, tmp_path, encode, quiet)
    found = {(row["language"], row["metric"]): row for row in rows}
    assert {code for code, _ in found} == {"aa", "bb"}
    rules = ("cosine", "centred", "csls", "margin")
    assert {metric for _, metric in found} == {f"accuracy_{rule}" for rule in rules}
    for rule in rules:
        assert found["aa", f"accuracy_{rule}"] == {
            "language": "aa",
            "metric": f"accuracy_{rule}",
            "value": pytest.approx(100.0),
            "n": 20,
            "distance": 0.25,
            "right": "fffff0",  # twenty lines, the last byte filled up
        }
        assert found["bb", f"accuracy_{rule}"]["value"] < 40
        assert found["bb", f"accuracy_{rule}"]["distance"] == 0.75
