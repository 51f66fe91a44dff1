"""What strikes from outside, all in one form: the risks of a case, and what its parties and measures say of themselves.

    parties.ID.governments   another government in each phase in which one may come: first, first + every, .. before T; with its
                             values and its trust. Where it only undoes what is kept up, that is an event of taking back.
    measures.ID.needs        a refused consent: where it is asked for again, the step comes so much later; else it fails.

Their ids are the party's and the phase, `us/governments/23`; the measure's and the consent's, `treaty/needs/senate`. Where a
step needs a consent, a miss says less of whoever acts: the chance of refusal counts in f, the rate at which a step fails though
meant (module `odds`).
"""

from __future__ import annotations

from collections.abc import Iterator

from detente.case.case import Case
from detente.case.risk import GovernmentRisk, PerformanceRisk
from detente.case.value import Value

__all__ = ["with_causes"]


def with_causes(case: Case) -> Case:
    """The case with its governments and consents among its risks; itself, where it has none."""
    told = (*_governments(case), *_consents(case))
    return case.model_copy(update={"risks": (*case.risks, *told)}) if told else case


def _governments(case: Case) -> Iterator[GovernmentRisk]:
    for party, spec in case.parties.items():
        terms = spec.governments
        if terms is None or not (terms.value or terms.trust):
            continue
        trust = {j: p.likely for j, p in terms.trust.items()}
        for at in range(terms.begins, case.phases.count, terms.every):
            yield GovernmentRisk.model_construct(
                id=f"{party}/governments/{at}",
                kind="government",
                party=party,
                at=at,
                chance=terms.chance,
                value=terms.value,
                trust=trust,
            )


def _consents(case: Case) -> Iterator[PerformanceRisk]:
    for m, spec in case.measures.items():
        for consent in spec.needs:
            refused = Value.of(1 - consent.chance.likely)
            if refused.is_zero:
                continue
            late = None if consent.again is None else Value.of(consent.again)
            fails = refused if consent.again is None else Value.of(0)
            yield PerformanceRisk.model_construct(
                id=f"{m}/needs/{consent.id}", kind="performance", of=(m,), fails=fails, late=late
            )
