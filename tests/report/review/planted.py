"""A good workspace, with real PDFs and a real database, and everything that can be done to it or to its report.

What is in it is invented: papers about kettles. Confidences, standings, verdicts and hashes come from the functions
that compute them in a search, so that only what is planted is wrong.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pymupdf

from synth.core.settings import Settings
from synth.core.types import Prediction, Stance
from synth.core.workspace import Workspace
from synth.evidence.confidence import weigh
from synth.evidence.relation import EvidenceItem as Judged
from synth.evidence.relation import Relation
from synth.pdf import page_text, verify_quotes
from synth.report.facts import gather as gather_facts
from synth.report.review import ReviewCase, ReviewResult, gather
from synth.store import views
from synth.store.database import Store, reading
from synth.store.tables import (
    ClaimRow,
    ClaimSource,
    Evidence,
    Hit,
    Link,
    Measurement,
    Paper,
    PaperRecord,
    PassageRow,
    PredictionRow,
    Run,
    Screening,
    Search,
    SourceQuery,
    Verdict,
)
from synth.verify.judge.verdict import Rule, judge
from synth.verify.statistics.measurement import full, measured

QUESTION = "Does quiz training raise the accuracy of kettles?"
TIME = "2026-01-02T03:04:0{}Z"
TODAY = "2026-11-21"
LANGUAGES = ("aa", "bb", "cc", "dd", "ee")
SEEDS = (1, 2, 3, 4, 5)
DEVIATIONS = ["model: small instead of large", "training data: 1,000 quizzes instead of all"]
SUPPORT, AGAINST = Stance.SUPPORT, Stance.CONTRADICT

# Each claim: the paper that states it, its sentence, and what other papers say: (paper, stance, P(right), sentence).
CLAIMS: tuple[tuple[int, str, tuple[tuple[int, Stance, float, str], ...]], ...] = (
    (
        1,
        "Quiz training raises the accuracy of kettles by 4.1 points.",
        ((2, SUPPORT, 0.86, "Quizzes raised our kettles by 4.0 points."),),
    ),
    (
        1,
        "Riddle training raises the accuracy of kettles by 2.5 points.",
        ((3, AGAINST, 0.81, "Riddles lowered our kettles by 1.2 points."),),
    ),
    (
        1,
        "Kettles are more accurate than pots by 7.3 points.",
        (
            (2, SUPPORT, 0.84, "Our pots lost to kettles by 7.1 points."),
            (3, SUPPORT, 0.78, "Pots stay behind kettles here as well."),
        ),
    ),
    (
        2,
        "Larger kettles gain more from quiz training than small ones.",
        (
            (3, AGAINST, 0.72, "Small kettles gained more than large ones."),
            (4, SUPPORT, 0.88, "Large kettles gained most from our quizzes."),
        ),
    ),
    (2, "Rinsing lowers the accuracy of kettles by 0.6 points.", ()),
    (
        2,
        "Whistling correlates with the accuracy of kettles.",
        ((4, SUPPORT, 0.85, "Whistling went along with accuracy in our study."),),
    ),
    (
        3,
        "Blue kettles outperform red kettles on the steam test.",
        (
            (4, AGAINST, 0.9, "Red kettles won our steam test by far."),
            (1, AGAINST, 0.77, "In the steam test red kettles were ahead."),
        ),
    ),
    (3, "Polishing has no effect on the accuracy of kettles.", ()),
    (
        3,
        "Copper kettles heat 3 times faster than steel kettles.",
        ((2, SUPPORT, 0.87, "Copper heated about 3 times faster than steel."),),
    ),
    (4, "Teapots profit from quiz training too.", ((1, AGAINST, 0.84, "Teapots gained nothing from quizzes."),)),
    (4, "The steam test has 1,250 items.", ()),
    (
        4,
        "Kettles with lids are better than kettles without.",
        ((3, SUPPORT, 0.83, "Lids helped every kettle we tried."),),
    ),
)
PAPERS = [
    ("Quizzes for Kettles", "2001.00001", ""),
    ("Riddles and Rinsing", "2002.00002", ""),
    ("Colours of Kettles", "", "10.5555/kettle.3"),
    ("Lids, Teapots and Steam", "", "10.5555/kettle.4"),
    *((f"A Survey of Pots, Part {part}", f"2003.0000{part}", "") for part in range(1, 8)),
]


# ------------------------------------------------------------------------------------------- the good workspace


def build(root: Path) -> Workspace:
    """A workspace with one complete search: eleven papers, twelve claims, two tests of five seeds each."""
    workspace = Workspace(root)
    sentences = _sentences()
    files = {paper: _pdf(root / "papers" / f"{paper}.pdf", sentences.get(paper, [])) for paper in range(1, 12)}
    store = Store(workspace.database)
    with store.session() as s:
        _add_search(s, files)
        _add_claims(s, files)
        _add_test(s, 1, "quizzes", _gain("Quiz training", 4.1), 4.0)
        _add_test(s, 2, "riddles", _gain("Riddle training", 2.5), -3.0)
    store.close()
    return workspace


def _gain(treatment: str, points: float) -> Prediction:
    return Prediction(treatment, "", "kettles", "accuracy", "increase", points, "points")


def _sentences() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for paper, claim, others in CLAIMS:
        found.setdefault(paper, []).append(claim)
        for other, _, _, text in others:
            found.setdefault(other, []).append(text)
    return found


def _pdf(path: Path, sentences: Sequence[str]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = pymupdf.open()
    page = document.new_page()
    for place, text in enumerate(["An invented paper.", *sentences]):
        page.insert_text((60, 80 + 16 * place), text)
    path.write_bytes(document.tobytes())
    return path


def _add_search(s: Any, files: dict[int, Path]) -> None:
    options = {"papers": "", "max_papers": 20}
    s.add(Search(id=1, question=QUESTION, key="k", sources=["arxiv", "crossref"], options=options, state="done",
                 complete=True, created=TIME.format(0), finished=TIME.format(9)))  # fmt: skip
    s.flush()
    for number_, (source, query) in enumerate(
        [("arxiv", 'all:"quiz" AND all:"kettle"'), ("crossref", "quiz kettle")], 1
    ):
        found = sum(bool(arxiv_id) == (source == "arxiv") for _, arxiv_id, _ in PAPERS)
        s.add(SourceQuery(id=number_, search_id=1, source=source, query=query, status="ok", hits=found, total=found,
                          new=found, requests=1, started=TIME.format(1), finished=TIME.format(2)))  # fmt: skip
    s.flush()
    places = {1: 0, 2: 0}
    for number_, (title, arxiv_id, doi) in enumerate(PAPERS, 1):
        source = 1 if arxiv_id else 2
        path = files[number_]
        s.add(Paper(id=number_, title=title, authors=["A. Kettle", "B. Pot"], year=2020, arxiv_id=arxiv_id, doi=doi,
                    pdf_path=f"papers/{path.name}", pdf_sha256=_sha256(path), pages=1, text_state="read"))  # fmt: skip
        s.flush()
        name, content = ("arxiv", {"arxiv_id": arxiv_id}) if arxiv_id else ("crossref", {"doi": doi})
        s.add(PaperRecord(id=number_, paper_id=number_, source=name, source_id=arxiv_id or doi, title=title,
                          content={"title": title, **content}))  # fmt: skip
        s.flush()
        s.add(Hit(source_query_id=source, paper_record_id=number_, position=places[source]))
        places[source] += 1
        s.add(Screening(search_id=1, paper_id=number_, decision="include", rank=number_, claims_done=True))
    _exclude(s, 12, "Pans", "about pans")


def _exclude(s: Any, number_: int, title: str, reason: str) -> None:
    s.add(Paper(id=number_, title=title, arxiv_id=f"2109.000{number_}"))
    s.flush()
    s.add(
        Screening(search_id=1, paper_id=number_, decision="exclude", reason=reason, reason_code="person", by="person")
    )


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _add_claims(s: Any, files: dict[int, Path]) -> None:
    texts = {paper: page_text(files[paper], 1) for paper in range(1, 5)}

    def passage(paper: int, text: str) -> int:
        start = texts[paper].index(text)
        row = PassageRow(paper_id=paper, position=start, kind="sentence", text=text, quote=text, page=1,
                         spans=[[1, start, start + len(text)]], sha256=_sha256(files[paper]),
                         section="results")  # fmt: skip
        s.add(row)
        s.flush()
        return int(row.id or 0)

    for number_, (paper, text, others) in enumerate(CLAIMS, 1):
        kind = "count" if "items" in text else "comparison" if "than" in text else "effect"
        claim = ClaimRow(
            id=number_,
            search_id=1,
            text=text,
            kind=kind,
            salience=1 - number_ / 100,
            nearness=0.9 - number_ / 20,
            evidence_done=True,
        )
        claim.why_not_testable = "" if number_ <= 2 else "No experiment measures it."
        claim.why_not_testable_code = "" if number_ <= 2 else "no arms"
        s.add(claim)
        s.flush()
        s.add(ClaimSource(claim_id=number_, passage_id=passage(paper, text)))
        judged = []
        for rank, (other, stance, chance, said) in enumerate(others, 1):
            at = passage(other, said)
            judged.append(Judged(at, other, stance, chance, "numeric", "", Relation.OTHER_PAPER, 0.9, 0.9))
            s.add(Evidence(claim_id=number_, passage_id=at, stance=stance.value, confidence=chance,
                           relation="other paper", method="numeric", location="p. 1", rank=rank))  # fmt: skip
        found = weigh(judged)
        claim.confidence, claim.standing = found.confidence, found.standing.word
        claim.witnesses, claim.witnesses_against = found.standing.papers_for, found.standing.papers_against
        claim.papers_confidence, claim.own_confidence = found.papers.confidence, found.own.confidence


def _add_test(s: Any, claim: int, arm: str, prediction: Prediction, effect: float) -> None:
    s.add(PredictionRow(id=claim, claim_id=claim, position=0, **asdict(prediction)))
    s.flush()
    s.add(Link(claim_id=claim, prediction_id=claim, experiment="kettles", contrast=arm, strength=0.9))
    rule = Rule(arm, "untuned", "accuracy (CSLS)", "accuracy (cosine)", "increase", prediction.value, 1.0, 0.05, 3,
                rounding=0.05)  # fmt: skip
    rows = _measured(arm, effect)
    spec = {"claim": claim, "prediction": asdict(prediction), "contrast": arm, "rule": asdict(rule),
            "deviations": DEVIATIONS, "altered": False,
            "laboratory": {"seeds": list(SEEDS), "model": "small"}}  # fmt: skip
    gate = {"passed": True, "reason": "untuned is 40 times above chance", "numbers": {}}
    outcome = judge(measured(rows), rule, "small", gate, {})
    run = Run(id=claim, claim_id=claim, prediction_id=claim, experiment="kettles", contrast=arm, fidelity="small",
              spec=spec, spec_hash=hash_of(spec), registered=TIME.format(3), state="done", started=TIME.format(4),
              finished=TIME.format(8), seconds=4.0, gate=gate, stages=[{"name": "train", "cached": False}],
              provenance={"commit": "0" * 12, "versions": {"torch": "2.13.0"}, "device": "cpu",
                          "covariates": []})  # fmt: skip
    s.add(run)
    s.flush()
    s.add_all(Measurement(run_id=claim, **row) for row in rows)
    found = outcome.estimate
    s.add(Verdict(claim_id=claim, prediction_id=claim, run_id=claim, verdict=outcome.verdict, fidelity="small",
                  estimate=found.value, ci_low=found.low, ci_high=found.high, seeds=found.seeds, reason=outcome.reason,
                  reason_codes=[one.stored() for one in outcome.reasons], deviations=DEVIATIONS,
                  created=TIME.format(8)))  # fmt: skip


def _measured(arm: str, effect: float) -> list[dict[str, Any]]:
    """Five seeds that differ by some tenths of a point, five languages that differ by more."""
    rows = []
    for seed in SEEDS:
        for place, language in enumerate(LANGUAGES):
            base = 50 - 3 * place + seed / 5
            gain = effect * (1 + place / 20) + (0.3, -0.4, 0.1, -0.2, 0.35)[seed - 1]
            for metric, share in (("accuracy (CSLS)", 1.0), ("accuracy (cosine)", 0.6)):
                for name, value in (("untuned", base), (arm, base + share * gain)):
                    rows.append({"arm": name, "seed": seed, "language": language, "metric": metric,
                                 "value": round(value, 3), "n": 1000})  # fmt: skip
    return rows


def hash_of(spec: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()


# ------------------------------------------------------------------------------------------------- reviewing it


_KNOWN: dict[tuple[bytes, str, str], list[bool]] = {}


def _verified(file: Path, sha256: str, quotes: Sequence[Any]) -> list[bool]:
    """`verify_quotes`, once for the same bytes: it takes a child process a file, and most damage leaves files alone."""
    key = (file.read_bytes(), sha256, json.dumps(quotes))
    if key not in _KNOWN:
        _KNOWN[key] = verify_quotes(file, sha256, quotes)
    return _KNOWN[key]


def case_of(workspace: Workspace) -> ReviewCase:
    """Return the workspace as reviewers see it, as `synth report` gathers it."""

    def verify(path: str, sha256: str, quotes: Sequence[Any]) -> list[bool]:
        return _verified(workspace.absolute(path), sha256, quotes)

    with reading(workspace.database) as connection:
        number_ = views.search_id(connection, None)
        facts = gather_facts(connection, number_, "Assignee Research", TODAY, verify)
        return gather.case_of(connection, facts, gather.draft(facts))


def reviews(case: ReviewCase) -> list[ReviewResult]:
    return gather.reviewed(case, Settings())


def copy(workspace: Workspace, root: Path) -> Workspace:
    shutil.copytree(workspace.root, root)
    return Workspace(root)


# ------------------------------------------------------------------------------------------------------- damage


class Tampering:
    """Writes to a copy of the workspace as someone would who does not want to be kept from it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.report: Callable[[str], str] = lambda text: text

    def sql(self, statement: str, *values: Any) -> None:
        with sqlite3.connect(self.workspace.database) as db:
            for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                if re.match(r"verdict_|run_", trigger):
                    db.execute(f"DROP TRIGGER {trigger}")
            done = db.execute(statement, values)
            assert done.rowcount, f"nothing was damaged by {statement}"
        db.close()

    def one(self, query: str, *values: Any) -> Any:
        with sqlite3.connect(self.workspace.database) as db:
            found = db.execute(query, values).fetchone()[0]
        db.close()
        return found

    def spec(self, run: int, change: Callable[[dict[str, Any]], None], rehash: bool = False) -> None:
        spec = json.loads(self.one("SELECT spec FROM run WHERE id = ?", run))
        change(spec)
        self.sql("UPDATE run SET spec = ? WHERE id = ?", json.dumps(spec), run)
        if rehash:
            self.sql("UPDATE run SET spec_hash = ? WHERE id = ?", hash_of(spec), run)

    @contextmanager
    def session(self) -> Iterator[Any]:
        store = Store(self.workspace.database)
        with store.session() as s:
            yield s
        store.close()

    def told(self, old: str, new: str) -> None:
        """Change the rendered report, and nothing else."""

        def edit(text: str) -> str:
            assert old in text, f"the report does not have {old!r}"
            return text.replace(old, new)

        self.report = edit


@dataclass(frozen=True)
class Damage:
    """`reviewer` is the one in charge, `check` the one that has to lose points. `margin`: by how much at least the
    reviewer's score falls, `total`: the mean of all. `breach`: it is no weakness but something falsified or hidden."""

    name: str
    reviewer: str
    check: str
    do: Callable[[Tampering], None]
    margin: float = 1.0
    total: float = 0.15
    breach: bool = True


def quote_altered(t: Tampering) -> None:
    t.sql(
        "UPDATE passage SET quote = replace(quote, '4.1', '9.1'), text = replace(text, '4.1', '9.1') "
        "WHERE quote LIKE '%by 4.1%'"
    )


def pdf_exchanged(t: Tampering) -> None:
    path = t.workspace.root / "papers" / "3.pdf"
    path.write_bytes(path.read_bytes() + b"\n% changed\n")


def failure_hidden(t: Tampering) -> None:
    t.sql("UPDATE source_query SET status = 'failed', error = 'It answered 503' WHERE source = 'crossref'")


def source_failed(t: Tampering) -> None:
    failure_hidden(t)
    t.sql("UPDATE search SET complete = 0")


def seed_dropped(t: Tampering) -> None:
    t.sql("DELETE FROM measurement WHERE run_id = 1 AND seed = 2")


def seed_dropped_and_judged_anew(t: Tampering) -> None:
    """The seed that helps least is gone, and estimate, interval and reason are made to fit."""
    t.sql("DELETE FROM measurement WHERE run_id = 1 AND seed = 2")
    with reading(t.workspace.database) as connection:
        (old,) = views.verdicts(connection, 1)
    rule = Rule.of(old.spec["rule"])
    found = judge([full(m) for m in old.measurements], rule, "small", old.gate, {})
    e = found.estimate
    codes = json.dumps([one.stored() for one in found.reasons])
    columns = "estimate = ?, ci_low = ?, ci_high = ?, seeds = ?, reason = ?, reason_codes = ?"
    t.sql(f"UPDATE verdict SET {columns} WHERE run_id = 1", e.value, e.low, e.high, e.seeds, found.reason, codes)


def deviation_hidden(t: Tampering) -> None:
    t.sql("UPDATE verdict SET deviations = ? WHERE run_id = 1", json.dumps(DEVIATIONS[:1]))


def deviation_not_told(t: Tampering) -> None:
    t.told(f"- {DEVIATIONS[1]}\n", "")


def reference_invented(t: Tampering) -> None:
    with t.session() as s:
        s.add(Paper(id=99, title="The Final Word on Kettles", authors=["N. Obody"], arxiv_id="2109.99999",
                    text_state="read"))  # fmt: skip
        s.flush()
        s.add(Screening(search_id=1, paper_id=99, decision="include", rank=99))


def identifier_exchanged(t: Tampering) -> None:
    t.sql("UPDATE paper SET arxiv_id = '1706.03762' WHERE id = 1")


def reference_added_to_report(t: Tampering) -> None:
    t.told("## References\n", "## References\n\n- <http://arxiv.org/abs/2109.99999> N. Obody (2021). The Final Word.\n")


def confidence_scrambled(t: Tampering) -> None:
    """The confidences of the most and the least believed claims change places."""
    believed = "SELECT id FROM claim WHERE confidence IS NOT NULL ORDER BY confidence, id LIMIT 1 OFFSET ?"
    rows = [t.one(believed, place) for place in range(9)]
    values = {row: t.one("SELECT confidence FROM claim WHERE id = ?", row) for row in rows}
    for row, other in zip(rows, reversed(rows), strict=True):
        t.sql("UPDATE claim SET confidence = ? WHERE id = ?", values[other], row)


def confidence_invented(t: Tampering) -> None:
    t.sql("UPDATE claim SET confidence = 0.93 WHERE id = 5")


def mark_invented(t: Tampering) -> None:
    """Other papers are said to be sure of claim 10, which one of them contradicts."""
    t.sql("UPDATE claim SET papers_confidence = 0.95, witnesses = 2, witnesses_against = 0 WHERE id = 10")


def spec_changed(t: Tampering) -> None:
    """After the run the SESOI becomes one that is easily reached."""
    t.spec(1, lambda spec: spec["rule"].update(sesoi=0.1))


def registered_after_the_run(t: Tampering) -> None:
    t.sql("UPDATE run SET registered = ? WHERE id = 1", TIME.format(9))


def interval_narrowed(t: Tampering) -> None:
    t.sql("UPDATE verdict SET ci_low = estimate - 0.1, ci_high = estimate + 0.1 WHERE run_id = 1")


def estimate_raised(t: Tampering) -> None:
    t.sql("UPDATE verdict SET estimate = estimate + 2, ci_low = ci_low + 2, ci_high = ci_high + 2 WHERE run_id = 1")


def verdict_flipped(t: Tampering) -> None:
    t.sql("UPDATE verdict SET verdict = 'direction supported' WHERE run_id = 2")


def verdict_beyond_scope(t: Tampering) -> None:
    t.sql("UPDATE verdict SET verdict = 'reproduced' WHERE run_id = 1")


def control_missing(t: Tampering) -> None:
    t.sql("DELETE FROM measurement WHERE run_id = 1 AND metric = 'accuracy (cosine)'")


def control_contradicts(t: Tampering) -> None:
    t.sql(
        "UPDATE measurement SET value = value - 8 WHERE run_id = 1 AND metric = 'accuracy (cosine)' AND arm = 'quizzes'"
    )


def gate_ignored(t: Tampering) -> None:
    t.sql("UPDATE run SET gate = ? WHERE id = 1", json.dumps({"passed": False, "reason": "untuned is at chance"}))


def baseline_missing(t: Tampering) -> None:
    t.sql("DELETE FROM measurement WHERE run_id = 1 AND arm = 'untuned'")


def number_invented(t: Tampering) -> None:
    """The abstract praises an effect that nobody measured."""
    t.told("## 1 Introduction", "The gain reaches 13.37 points in the best case.\n\n## 1 Introduction")


def effect_embellished(t: Tampering) -> None:
    """The estimate of run 1 is told a point larger."""
    value = t.one("SELECT estimate FROM verdict WHERE run_id = 1")
    t.told(f"{value:+.2f}", f"{value + 1:+.2f}")


def count_embellished(t: Tampering) -> None:
    t.told("11 papers retrieved", "110 papers retrieved")


def mark_flipped(t: Tampering) -> None:
    """In the table of claims the contradicted claim 7 becomes a verified one."""
    t.told(f"| {CLAIMS[6][1]} | [×]", f"| {CLAIMS[6][1]} | [✓]")


def conflict_hidden(t: Tampering) -> None:
    """Claim 4 has a passage against it, and is called corroborated."""
    t.sql("UPDATE claim SET standing = 'corroborated' WHERE id = 4")


def contradiction_deleted(t: Tampering) -> None:
    """The passage against claim 4 is gone, and its standing is made to fit."""
    t.sql("DELETE FROM evidence WHERE claim_id = 4 AND stance = 'CONTRADICT'")
    t.sql("UPDATE claim SET standing = 'corroborated' WHERE id = 4")


def contradiction_not_told(t: Tampering) -> None:
    def edit(text: str) -> str:
        against = [said for _, _, _, said in CLAIMS[6][2]]
        lines = [line for line in text.splitlines() if not any(said in line for said in against)]
        assert len(lines) < len(text.splitlines())
        return "\n".join(lines)

    t.report = edit


def quote_invented_in_report(t: Tampering) -> None:
    said = CLAIMS[0][2][0][3]
    t.told(f"“{said}”", "“Quizzes raised all of our kettles beyond belief.”")


def incompleteness_not_told(t: Tampering) -> None:
    source_failed(t)

    def edit(text: str) -> str:
        top, heading, rest = text.partition("## Abstract")
        return re.sub(r"(?m)^> .*\n|^>\n", "", top) + heading + rest

    t.report = edit


def papers_unread(t: Tampering) -> None:
    t.sql("UPDATE paper SET text_state = 'skipped', text_reason = 'The PDF is encrypted.' WHERE id > 6")


def query_lost(t: Tampering) -> None:
    t.sql("UPDATE source_query SET query = '', started = NULL WHERE id = 1")


def nothing_decided(t: Tampering) -> None:
    """The same papers and claims, but nothing speaks to any of them, and nothing can be tested: all of it in order."""
    for table in ("evidence", "verdict", "measurement", "run", "link"):
        t.sql(f"DELETE FROM {table}")
    t.sql(
        "UPDATE claim SET confidence = NULL, papers_confidence = NULL, standing = 'no evidence', witnesses = 0, "
        "witnesses_against = 0, why_not_testable = 'No experiment measures it.', why_not_testable_code = 'no arms'"
    )


def answer_buried(t: Tampering) -> None:
    """Before the answer comes a page about how answers come about."""
    words = "What follows was put together by rules that are told of further below. " * 40
    t.told("## Answer\n", f"## Answer\n\n{words}\n")


DAMAGES: tuple[Damage, ...] = (
    Damage("quote altered", "grounding", "quotes verified again", quote_altered),
    Damage("PDF exchanged", "grounding", "quotes verified again", pdf_exchanged),
    Damage("source failed", "completeness", "ledger complete", source_failed, breach=False),
    Damage("failed source hidden", "completeness", "gaps owned up to", failure_hidden),
    Damage("papers unreadable", "completeness", "full texts read", papers_unread, 0.8, 0.1, breach=False),
    Damage("query not on record", "completeness", "queries on record", query_lost, 0.3, 0.05, breach=False),
    Damage("reference invented", "grounding", "papers are those of the records", reference_invented),
    Damage("identifier exchanged", "grounding", "papers are those of the records", identifier_exchanged),
    Damage("conflict of evidence hidden", "grounding", "conflicts kept", conflict_hidden),
    Damage("contradiction deleted", "calibration", "confidences computed again", contradiction_deleted),
    Damage("confidences scrambled", "calibration", "confidences computed again", confidence_scrambled),
    Damage("confidence without evidence", "calibration", "confidences rest on evidence", confidence_invented),
    Damage("mark without evidence", "calibration", "marks follow from the evidence", mark_invented),
    Damage("specification changed after the run", "reproduction", "registered before the run", spec_changed),
    Damage("registered after the run", "reproduction", "registered before the run", registered_after_the_run),
    Damage("deviation hidden", "reproduction", "deviations named", deviation_hidden),
    Damage("gate ignored", "reproduction", "gate heeded", gate_ignored),
    Damage("control missing", "reproduction", "control measured", control_missing),
    Damage("baseline missing", "statistics", "estimates follow from the measurements", baseline_missing),
    Damage("verdict beyond its scope", "reproduction", "verdicts within their scope", verdict_beyond_scope),
    Damage("seed dropped", "statistics", "no seed dropped", seed_dropped),
    Damage("seed dropped and judged anew", "statistics", "no seed dropped", seed_dropped_and_judged_anew),
    Damage("interval narrowed", "statistics", "intervals follow from the seeds", interval_narrowed),
    Damage("estimate raised", "statistics", "estimates follow from the measurements", estimate_raised),
    Damage("verdict flipped against the numbers", "statistics", "verdicts follow from the numbers", verdict_flipped),
    Damage("control contradicts", "statistics", "control does not contradict", control_contradicts),
    Damage("number in the report that nobody measured", "reporting", "numbers are in the database", number_invented),
    Damage("effect embellished in the report", "reporting", "tests told in full", effect_embellished),
    Damage("count embellished in the report", "reporting", "counts as stored", count_embellished),
    Damage("mark flipped in the report", "reporting", "claims table as stored", mark_flipped),
    Damage("deviation not told", "reporting", "deviations told", deviation_not_told),
    Damage("contradiction not told", "reporting", "conflicts told", contradiction_not_told),
    Damage("quote invented in the report", "reporting", "quotes are the papers'", quote_invented_in_report),
    Damage("reference added to the report", "reporting", "references are the papers'", reference_added_to_report),
    Damage("incompleteness not told", "reporting", "incompleteness told", incompleteness_not_told),
    Damage("nothing decided", "usefulness", "findings decided", nothing_decided, 5.0, 3.0, breach=False),
    Damage("answer buried", "usefulness", "nearest findings on the first screen", answer_buried, breach=False),
)


def damaged(good: Workspace, root: Path, do: Callable[[Tampering], None]) -> ReviewCase:
    """The case of a copy of the workspace after it was tampered with."""
    tampering = Tampering(copy(good, root))
    do(tampering)
    case = case_of(tampering.workspace)
    return replace(case, report=tampering.report(case.report))


# ------------------------------------------------------------------------- changes that are none for the worse


def nothing_done(t: Tampering) -> None:
    pass


def claims_read_in_another_order(t: Tampering) -> None:
    t.sql("UPDATE claim SET salience = 1 - salience")


def stale_files_moved(t: Tampering) -> None:
    """The PDFs lie in another folder, and the database knows."""
    (t.workspace.root / "papers").rename(t.workspace.root / "library")
    t.sql("UPDATE paper SET pdf_path = replace(pdf_path, 'papers/', 'library/')")


def source_without_results(t: Tampering) -> None:
    """One more source answered that it has nothing: no result is no failure."""
    with t.session() as s:
        s.add(SourceQuery(search_id=1, source="acl", query="kettle", status="no results", started=TIME.format(1)))


def judged_again(t: Tampering) -> None:
    """A second verdict on the same run that says the same: the history grows, nothing else."""
    with t.session() as s:
        old = s.get_one(Verdict, 1).model_dump(exclude={"id", "created"})
        s.add(Verdict(**old, created="2026-01-03T00:00:00Z"))


def excluded_with_reason(t: Tampering) -> None:
    with t.session() as s:
        _exclude(s, 98, "Pots", "about pots")


def hostile_title(t: Tampering) -> None:
    """A title full of markup and of quotation marks is still that title."""
    t.sql("UPDATE paper SET title = ? WHERE id = 5", "A | “B” <script>1</script> [x](http://a.b) $5 *c* & 3.14159")


def report_reformatted(t: Tampering) -> None:
    """Trailing blanks and Windows line ends in the file."""
    t.report = lambda text: "\n".join(f"{line}  " if line and "#" not in line else line for line in text.splitlines())


HARMLESS = (
    nothing_done,
    claims_read_in_another_order,
    stale_files_moved,
    source_without_results,
    judged_again,
    excluded_with_reason,
    hostile_title,
    report_reformatted,
)
