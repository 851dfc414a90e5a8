"""Seeds that have no measurement, and what they do to a verdict. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from synth.core.reasons import Reason, Wording, worded
from synth.core.reasons.verdicts import FailureCode, VerdictReason
from synth.core.types import JsonValue
from synth.verify.judge.rule import Rule

SHOWN = 5  # failed runs that a reason names
FAILURES: Mapping[FailureCode, Wording] = {
    FailureCode.EXIT: "the command ended with {exit}",
    FailureCode.SIGNAL: "the command was ended by {signal}",
    FailureCode.TIME: "it took longer than its limit",
    FailureCode.MEMORY: "it took more memory than its limit",
    FailureCode.OUTPUT: "it wrote more than its limit",
    FailureCode.START: "the command could not be started ({message})",
    FailureCode.METRIC: "{message}",
}


@dataclass(frozen=True)
class Failure:
    """A seed of an arm without a measurement, and why."""

    arm: str
    seed: int
    why: Reason[FailureCode]

    @classmethod
    def of(cls, row: Mapping[str, JsonValue]) -> Failure:
        """Read a failure as the laboratory tells it: arm, seed, code, parameters."""
        parameters = row["parameters"]
        assert isinstance(parameters, dict)
        return cls(str(row["arm"]), int(str(row["seed"])), Reason(FailureCode(str(row["code"])), parameters))

    def __str__(self) -> str:
        return f"{self.arm}, seed {self.seed}: {worded(self.why, FAILURES)}"


def counted(failures: Iterable[Failure], rule: Rule) -> list[Failure]:
    """Return the failures of the arms that the rule compares."""
    compared = {rule.treatment, rule.baseline, *rule.rivals}
    return [failure for failure in failures if failure.arm in compared]


def after(failures: Sequence[Failure], rule: Rule) -> Rule:
    """Return the rule for the seeds that are left: a look after n seeds is one after as many fewer as have failed.

    Its level stays that of the look: another seed in the place of one that failed would be another look.
    """
    lost = len({failure.seed for failure in failures})
    return replace(rule, looks=tuple((n - lost, level) for n, level in rule.looks if n - lost >= 1))


def reason(failures: Sequence[Failure], seeds: int, rule: Rule) -> Reason[VerdictReason] | None:
    """Return what failed seeds mean, of `seeds` that were run; None where none failed."""
    failed = len({failure.seed for failure in failures})
    if not failed:
        return None
    code = VerdictReason.FAILED_SEEDS if failed > rule.may_fail else VerdictReason.SEEDS_LEFT_OUT
    runs = [str(failure) for failure in failures]
    counts = {"failed": failed, "seeds": seeds, "may_fail": rule.may_fail, "failed_runs": len(runs)}
    return Reason(code, {**counts, "runs": runs[:SHOWN]})
