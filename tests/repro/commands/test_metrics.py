"""Metrics as programs write them: every form, the last value, labels, counts, and what is no number."""

from __future__ import annotations

import json
import math
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repro.commands.metrics import NoMetric, readings

METRIC = {"unit": "points", "file": "m", "form": "json", "at": "/a", "scale": 1.0, "per": "", "n": ""}


def values(out, **changes):
    rows = readings(out, "accuracy", {**METRIC, **changes})
    return {row["language"]: row["value"] for row in rows}


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(
    ("form", "content", "changes", "expected"),
    [
        ("json", '{"a": 0.5}', {}, {"all": 0.5}),
        ("json", '\ufeff{"a": "0.5"}', {}, {"all": 0.5}),
        ("json", '{"test": [{"acc": 1}, {"acc": 2}]}', {"at": "/test/-1/acc"}, {"all": 2.0}),
        ("json", '{"a/b": {"~": 3}}', {"at": "/a~1b/~0"}, {"all": 3.0}),
        ("json", '{"by": {"de": 1, "fr": 2}}', {"at": "/by", "per": "language"}, {"de": 1.0, "fr": 2.0}),
        (
            "json",
            '[{"fold": 1, "acc": 0.1}, {"fold": 2, "acc": 0.2}]',
            {"at": "/*/acc", "per": "fold"},
            {"1": 0.1, "2": 0.2},
        ),
        ("jsonl", '{"a": 1}\n\n{"loss": 7}\n{"a": 2}\n', {"at": "a"}, {"all": 2.0}),
        (
            "jsonl",
            '{"m": {"a": 1}, "k": "x"}\n{"m": {"a": 2}, "k": "y"}',
            {"at": "/m/a", "per": "k"},
            {"x": 1.0, "y": 2.0},
        ),
        ("csv", "step,acc\n1,0.1\n2,0.2\n3,\n", {"at": "acc"}, {"all": 0.2}),
        ("csv", "fold;acc\na;0.1\nb;0.2\na;0.3\n", {"at": "acc", "per": "fold"}, {"a": 0.3, "b": 0.2}),
        ("csv", 'name\tacc\n"x\ty"\t1e-3\n', {"at": "acc", "per": "name"}, {"x\ty": 0.001}),
        ("log", "epoch 1 acc=0.1\nepoch 2 acc=0.25 (best)\n", {"at": r"acc=([\d.]+)"}, {"all": 0.25}),
        ("log", "accuracy: -1.5E+2\n", {"at": r"accuracy: (\S+)"}, {"all": -150.0}),
    ],
)
def test_every_form_gives_its_last_value(out, form, content, changes, expected):
    (out / "m").write_text(content, encoding="utf-8")
    assert values(out, form=form, **changes) == expected


def test_scale_and_count(out):
    (out / "m").write_text('{"a": 0.5, "n": 200}')
    (row,) = readings(out, "accuracy", {**METRIC, "scale": 100.0, "n": "/n"})
    assert (row["value"], row["n"]) == (50.0, 200)


def test_what_is_printed_lies_beside_the_folder(out):
    (out.parent / "stdout").write_text("acc 0.5\n")
    assert values(out, form="log", file="stdout", at=r"acc (\S+)") == {"all": 0.5}


@pytest.mark.parametrize(
    ("form", "content", "changes", "why"),
    [
        ("json", "{", {}, "is not JSON"),
        ("json", "[" * 100_000, {}, "cannot be read"),
        ("json", '{"b": 1}', {}, "'a' is not there"),
        ("json", '{"a": NaN}', {}, "is nan"),
        ("json", '{"a": 1e999}', {}, "is inf"),
        ("json", '{"a": true}', {}, "no number"),
        ("json", '{"a": null}', {}, "no number"),
        ("json", '{"a": {}}', {}, "no number"),
        ("json", '{"a": 1, "n": 1.5}', {"n": "/n"}, "number of items"),
        ("json", '{"a": 1, "n": -1}', {"n": "/n"}, "number of items"),
        ("json", '{"by": 1}', {"at": "/by", "per": "x"}, "has no list"),
        ("jsonl", '{"a": 1}\n{', {"at": "a"}, "line 2"),
        ("jsonl", '{"b": 1}\n', {"at": "a"}, "has no a"),
        ("csv", "", {"at": "a"}, "is empty"),
        ("csv", "b\n1\n", {"at": "a"}, "has no column 'a'; it has b"),
        ("csv", "a,a\n1,2\n", {"at": "a"}, "two columns"),
        ("csv", 'a\n"1\n', {"at": "a"}, "is no table"),
        ("log", "nothing here", {"at": r"acc (\d)"}, "no line"),
    ],
)
def test_what_is_no_metric_is_refused_with_why(out, form, content, changes, why):
    (out / "m").write_text(content)
    with pytest.raises(NoMetric, match=why):
        values(out, form=form, **changes)


def test_a_link_that_leads_out_is_not_followed(out):
    (out.parent.parent / "secret.json").write_text('{"a": 1}')
    (out / "m").symlink_to(out.parent.parent / "secret.json")
    with pytest.raises(NoMetric, match="leads out"):
        values(out)
    with pytest.raises(NoMetric, match="is not there"):
        values(out, file="other")


@given(st.binary(max_size=300), st.sampled_from(["json", "jsonl", "csv", "log"]))
def test_whatever_is_written_is_read_or_refused(tmp_path_factory, content, form):
    out = tmp_path_factory.getbasetemp() / "out"
    out.mkdir(exist_ok=True)
    (out / "m").write_bytes(content)
    try:
        found = values(out, form=form, at={"json": "/a", "log": r"(\d+)"}.get(form, "a"))
    except NoMetric as error:
        assert str(error)  # noqa: PT017
    else:
        assert all(math.isfinite(value) for value in found.values())


@given(st.dictionaries(st.text(min_size=1, max_size=8), st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_json_by_label_is_what_was_written(tmp_path_factory, numbers):
    out = tmp_path_factory.getbasetemp() / "out"
    out.mkdir(exist_ok=True)
    (out / "m").write_text(json.dumps({"by": numbers}), encoding="utf-8")
    assert values(out, at="/by", per="x") == numbers


def test_tensorboard(out):
    pytest.importorskip("tensorboard")
    from tensorboard.compat.proto.event_pb2 import Event
    from tensorboard.compat.proto.summary_pb2 import Summary
    from tensorboard.summary.writer.event_file_writer import EventFileWriter

    writer = EventFileWriter(str(out / "logs"))
    for step, value in ((1, 0.25), (3, 0.75), (2, 0.5)):
        summary = Summary(value=[Summary.Value(tag="acc", simple_value=value)])
        writer.add_event(Event(step=step, wall_time=step, summary=summary))
    writer.close()
    assert values(out, form="tensorboard", file="logs", at="acc") == {"all": 0.75}
    with pytest.raises(NoMetric, match="there is no scalar 'loss'; there are acc"):
        values(out, form="tensorboard", file="logs", at="loss")


def test_mlflow_folder(out):
    """As MLflow's file store documents it: a line "time value step" for each value."""
    for run, started, values_of in (("r1", 10, "1 0.9 1\n"), ("r2", 20, "5 0.5 2\n4 0.4 1\n"), ("r3", 30, None)):
        folder = out / "mlruns" / "0" / run
        (folder / "metrics" / "test").mkdir(parents=True)
        (folder / "meta.yaml").write_text(f"artifact_uri: x\nstart_time: {started}\n")
        if values_of:
            (folder / "metrics" / "test" / "acc").write_text(values_of)
    assert values(out, form="mlflow", file="mlruns", at="test/acc") == {"all": 0.5}
    for key in ("loss", "test/*"):
        with pytest.raises(NoMetric, match="has the metric"):
            values(out, form="mlflow", file="mlruns", at=key)


def test_mlflow_database(out):
    with closing(sqlite3.connect(out / "mlflow.db")) as connection, connection:
        connection.execute("CREATE TABLE runs (run_uuid, start_time)")
        connection.execute("CREATE TABLE metrics (key, value, timestamp, run_uuid, step, is_nan)")
        connection.executemany("INSERT INTO runs VALUES (?, ?)", [("a", 1), ("b", 2)])
        rows = [
            ("acc", 0.9, 1, "a", 1, 0),
            ("acc", 0.5, 9, "b", 2, 0),
            ("acc", 0.4, 8, "b", 1, 0),
            ("f1", 0, 8, "b", 1, 1),
        ]
        connection.executemany("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", rows)
    assert values(out, form="mlflow", file="mlflow.db", at="acc") == {"all": 0.5}
    with pytest.raises(NoMetric, match="accuracy is nan"):
        values(out, form="mlflow", file="mlflow.db", at="f1")
    (out / "mlflow.db").write_bytes(b"no database")
    with pytest.raises(NoMetric, match="no database of MLflow"):
        values(out, form="mlflow", file="mlflow.db", at="acc")


def test_wandb(out):
    """A run as the library itself writes it, offline."""
    pytest.importorskip("wandb")
    code = (
        "import wandb, sys\nrun = wandb.init(project='x', dir=sys.argv[1], mode='offline')\n"
        "for i in range(400): run.log({'acc': i / 400, 'text': 'x' * 300})\nrun.finish()"
    )
    subprocess.run([sys.executable, "-c", code, str(out)], check=True, capture_output=True, timeout=120)
    assert values(out, form="wandb", file=".", at="acc") == {"all": 399 / 400}
    with pytest.raises(NoMetric, match="has the metric 'loss'"):
        values(out, form="wandb", file=".", at="loss")
    (log,) = (out / "wandb").glob("offline-*/*.wandb")
    content = log.read_bytes()
    log.write_bytes(content[:40_000])  # cut off, as by a crash: what is whole counts
    assert 0 < values(out, form="wandb", file=".", at="acc")["all"] < 399 / 400
    log.write_bytes(content[:20_000] + b"?" + content[20_001:])
    with pytest.raises(NoMetric, match="is damaged"):
        values(out, form="wandb", file=".", at="acc")
