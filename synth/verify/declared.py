"""Claims that an experiment of one's own tests by its author's word: of a search, or stated in its file alone."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from sqlmodel import Session, col, func, select

from repro.design.experiment import Contrast, Declared, Experiment
from repro.experiments import experiment
from synth.core.errors import UsageError
from synth.core.reasons import Reason
from synth.core.reasons.differences import Difference, brief
from synth.core.workspace import Workspace
from synth.store.database import Store
from synth.store.rows.claims import STATED, stated_in
from synth.store.search_options import SearchOptions
from synth.store.tables import (
    ClaimRow,
    ClaimSource,
    Link,
    Paper,
    PassageRow,
    PredictionRow,
    Run,
    Screening,
    Search,
    now,
)
from synth.verify.judge.decision import DOWNWARD, NEITHER, UPWARD
from synth.verify.laboratory_errors import as_synth_errors

NOT_READ = "named by the author of an experiment; not read"
SIDES = (UPWARD, DOWNWARD, NEITHER)


def declared_links(s: Session, claim: ClaimRow, offered: Iterable[Experiment]) -> int:
    """Add the links that experiments declare for the claim; return how many."""
    number, added = int(claim.id or 0), 0
    for tested in offered:
        for contrast in tested.contrasts:
            declared = tested.declared.get(contrast.id)
            if declared is not None and number in declared.claims:
                s.add(_link(s, number, tested, contrast, declared))
                added += 1
    return added


def _link(s: Session, claim: int, tested: Experiment, contrast: Contrast, declared: Declared) -> Link:
    """Return the link of the claim's prediction that says what is declared; one is made where none does."""
    rows = s.exec(
        select(PredictionRow).where(PredictionRow.claim_id == claim).order_by(col(PredictionRow.position))
    ).all()
    row = next((row for row in rows if _same_side(row.direction, declared.direction)), None)
    if row is None:
        row = _prediction(claim, len(rows), contrast, declared)
        s.add(row)
        s.flush()
    why = Reason(Difference.DECLARED)
    return Link(
        claim_id=claim,
        prediction_id=int(row.id or 0),
        experiment=tested.id,
        contrast=contrast.id,
        strength=1.0,
        matched={"hypothesis": contrast.hypothesis},
        unmatched={"link": brief(why)},
        unmatched_codes={"link": why.stored()},
    )


def _same_side(claimed: str, declared: str) -> bool:
    return any(claimed in side and declared in side for side in SIDES)


def _prediction(claim: int, position: int, contrast: Contrast, declared: Declared) -> PredictionRow:
    """Return the prediction that the author declares, in the words of the contrast's terms or arms."""
    task = contrast.terms.get("task", ())
    return PredictionRow(
        claim_id=claim,
        position=position,
        treatment=contrast.treatment,
        baseline=contrast.baseline,
        task=task[0] if task else "",
        metric=contrast.metric,
        direction=declared.direction,
        value=declared.value,
        unit=contrast.unit,
    )


def claim_for(workspace: Workspace, experiment_id: str, claim: int | None, contrast_id: str | None) -> int:
    """Return the claim that an experiment of one's own is to test, linked to it by its author's word where it was not.

    Args:
        workspace: whose experiments and claims are meant.
        experiment_id: of the laboratory or of the workspace; the laboratory's own are left as search linked them.
        claim: its number; None for the claim that the experiment's file names or states.
        contrast_id: which contrast; None where there is one alone, or one names the claim.

    Raises:
        UsageError: there is no such experiment, contrast or claim, or it is not clear which is meant.
    """
    with as_synth_errors(UsageError):
        tested = experiment(experiment_id, workspace.experiments)
    if not tested.declared:
        if claim is None:
            raise UsageError(
                f"{experiment_id} is an experiment of the laboratory and states no claim of its own.",
                "Name the claim: `synth verify --claim N`; `synth claims` lists them.",
            )
        return claim
    contrast = _chosen(tested, claim, contrast_id)
    store = Store(workspace.database)
    try:
        named = tested.declared[contrast.id].claims
        if claim is None:
            claim = named[0] if named else stated_claim(store, tested, contrast)
        with store.session() as s:
            row = s.get(ClaimRow, claim)
            if row is None:
                raise UsageError(f"There is no claim {claim}.", "`synth claims --all` lists the claims.")
            links = select(Link).where(
                Link.claim_id == claim, Link.experiment == tested.id, Link.contrast == contrast.id
            )
            declared = tested.declared[contrast.id]
            for link in s.exec(links).all():
                if not _same_side(s.get_one(PredictionRow, link.prediction_id).direction, declared.direction):
                    s.delete(link)  # the file says another thing now
            s.flush()
            if s.exec(links).first() is None:
                s.add(_link(s, claim, tested, contrast, declared))
                row.why_not_testable, row.why_not_testable_code, row.why_not_testable_parameters = "", "", {}
    finally:
        store.close()
    return claim


def _chosen(tested: Experiment, claim: int | None, contrast_id: str | None) -> Contrast:
    """Return the contrast that is named, or that names the claim, or that is the only one."""
    if contrast_id is not None:
        for contrast in tested.contrasts:
            if contrast.id == contrast_id:
                return contrast
        known = ", ".join(contrast.id for contrast in tested.contrasts)
        raise UsageError(f"{tested.id} has no contrast {contrast_id!r}.", f"It has {known}.")
    naming = [c for c in tested.contrasts if claim is not None and claim in tested.declared[c.id].claims]
    choices = naming or list(tested.contrasts)
    if len(choices) > 1:
        known = ", ".join(contrast.id for contrast in choices)
        raise UsageError(f"{tested.id} has several contrasts: {known}.", "Name one: `--contrast ID`.")
    return choices[0]


# ------------------------------------------------------------------------------------------- stated claims


def stated_claim(store: Store, tested: Experiment, contrast: Contrast) -> int:
    """Return the number of the claim that the contrast states now; it is stored at the first time.

    It belongs to a search that asked no source, and to a work of which nothing was read: what the author says of it.
    """
    key = sha256(f"stated {tested.id}".encode()).hexdigest()
    with store.session() as s:
        search = s.exec(select(Search).where(Search.key == key)).first()
        if search is None:
            search = _search(tested, key)
            s.add(search)
            s.flush()
        search.question = tested.question
        number, declared = int(search.id or 0), tested.declared[contrast.id]
        work = _work(s, number, tested)
        for claim in s.exec(select(ClaimRow).where(ClaimRow.search_id == number)).all():
            if claim.text == contrast.hypothesis and _is_stated(s, int(claim.id or 0), contrast, declared):
                return int(claim.id or 0)
        return _state(s, number, work, tested, contrast)


def _is_stated(s: Session, claim: int, contrast: Contrast, declared: Declared) -> bool:
    """Return True if a stated claim makes the prediction that the file declares now.

    One that nothing was run for is made to: until then the file may change. One with a run stays as it was registered,
    and what the file says now is another claim.
    """
    wanted = _prediction(claim, 0, contrast, declared).model_dump(exclude={"id", "position"})
    rows = s.exec(select(PredictionRow).where(PredictionRow.claim_id == claim)).all()
    if any(row.model_dump(exclude={"id", "position"}) == wanted for row in rows):
        return True
    if s.exec(select(Run).where(Run.claim_id == claim)).first() is not None:
        return False
    for row in rows:
        for name, value in wanted.items():
            setattr(row, name, value)
    return True


def file_of(tested: Experiment) -> str:
    return f"experiments/{tested.id}.toml"


def _search(tested: Experiment, key: str) -> Search:
    moment = now()
    return Search(
        question=tested.question,
        key=key,
        sources=[],
        options=SearchOptions().row(),
        state="done",
        complete=True,
        created=moment,
        finished=moment,
    )


def _work(s: Session, search: int, tested: Experiment) -> int:
    """Return the work that the claim is from by its author's word; one without an address where none is named."""
    screened = s.exec(select(Screening).where(Screening.search_id == search)).first()
    if screened is not None:
        return screened.paper_id
    source = tested.source
    work = Paper(
        title=str(source.get("title") or stated_in(file_of(tested))),
        authors=[str(name) for name in source.get("authors", ())],
        year=source.get("year"),
        url=str(source.get("url") or ""),
        comment=NOT_READ,
    )
    s.add(work)
    s.flush()
    s.add(
        Screening(
            search_id=search, paper_id=int(work.id or 0), decision="include", by="person", rank=1, reason=NOT_READ
        )
    )
    return int(work.id or 0)


def _state(s: Session, search: int, paper: int, tested: Experiment, contrast: Contrast) -> int:
    text = contrast.hypothesis
    position = s.exec(select(func.count()).select_from(PassageRow).where(PassageRow.paper_id == paper)).one()
    passage = PassageRow(
        paper_id=paper,
        position=position,
        kind=STATED,
        text=text,
        quote=text,
        page=0,
        spans=[],
        sha256="",
        section=file_of(tested),
    )
    claim = ClaimRow(
        search_id=search,
        text=text,
        kind="comparison" if tested.declared[contrast.id].direction in ("greater", "less", "equal") else "effect",
        salience=1.0,
        evidence_done=True,
    )
    s.add(passage)
    s.add(claim)
    s.flush()
    s.add(ClaimSource(claim_id=int(claim.id or 0), passage_id=int(passage.id or 0)))
    s.add(_link(s, int(claim.id or 0), tested, contrast, tested.declared[contrast.id]))
    return int(claim.id or 0)
