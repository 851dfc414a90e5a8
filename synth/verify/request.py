"""A request for a test: as it is asked for, and kept with the run so that another process can take it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from repro.errors import LabError
from repro.run.slurm import Cluster, cluster_of
from synth.core.errors import UsageError
from synth.core.types import JsonValue
from synth.core.workspace import Workspace
from synth.store.database import reading
from synth.store.views.run_progress import run_request
from synth.verify.declared import claim_for
from synth.verify.run import Test, prepare
from synth.verify.stored import as_stored, restored

PLACES = ("local", "slurm")


@dataclass(frozen=True)
class Request:
    """What a person wants tested, how, and where it is to run.

    Attributes:
        claim: None for the claim that an experiment of one's own states.
        default: fidelity of an experiment with several, where none is asked for.
        one_by_one: `seeds` is the most; they are added until the verdict is decided.
        on: "local" or "slurm".
        slurm: options of its jobs.
    """

    claim: int | None = None
    experiment: str | None = None
    contrast: str | None = None
    fidelity: str | None = None
    default: str = "synthetic"
    seeds: int | None = None
    one_by_one: bool = False
    overrides: Mapping[str, JsonValue] = field(default_factory=dict)
    every_arm: bool = False
    on: str = "local"
    slurm: Mapping[str, str] = field(default_factory=dict)

    def test(self, workspace: Workspace, online: bool) -> Test:
        """Prepare the test. UsageError where nothing can test it, or it cannot run where it is to."""
        self.cluster()
        claim = self.claim
        if self.experiment is not None:
            claim = claim_for(workspace, self.experiment, claim, self.contrast)
        assert claim is not None
        test = prepare(
            workspace,
            claim,
            self.fidelity,
            self.seeds,
            self.experiment,
            self.overrides,
            self.every_arm,
            online=online,
            one_by_one=self.one_by_one,
            default=self.default,
            contrast_id=self.contrast,
        )
        return replace(test, request=as_stored(replace(self, claim=claim)))

    def cluster(self) -> Cluster | None:
        """Return the cluster that it is to run on; None for this machine."""
        if self.on not in PLACES:
            raise UsageError(f"Nothing runs on {self.on!r}.", f"Use `--on {'` or `--on '.join(PLACES)}`.")
        if self.on == "local":
            if self.slurm:
                raise UsageError("`--slurm` says what jobs ask for, and this runs here.", "Add `--on slurm`.")
            return None
        try:
            return cluster_of(self.slurm)
        except LabError as error:
            raise UsageError(
                f"{error.what[:1].upper()}{error.what[1:]}.", f"{error.do[:1].upper()}{error.do[1:]}."
            ) from error

    @classmethod
    def of_run(cls, workspace: Workspace, number: int) -> Request:
        """Return what a run was asked for with. UsageError for one that is over, or that no request is known of."""
        with reading(workspace.database) as connection:
            state, stored = run_request(connection, number)
        if state == "done":
            raise UsageError(f"Run {number} is done.", "`synth runs` lists the runs; `synth show claim N` its verdict.")
        if not stored:
            raise UsageError(f"Nothing is known of how run {number} was asked for.", "Give the same command again.")
        return restored(cls, stored)
