"""The tables of the record: their columns, types, and what each column means.

Every format is brought to the same columns, so that one question can be asked of all. What a format does not know stays empty
(NULL) and is never guessed.

**Quad class.** 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.

**Intensity.** How cooperative (positive) or hostile (negative) one event is, on the scale that the column `scale` names. The
scale of Goldstein 1992 runs from -10 (military attack) to +8.3 (military aid, in the version for CAMEO 8.5). Intensities of
different scales are never added up.

Source of the quad classes and of the intensity by code: `detente.record.codes`.
"""

from __future__ import annotations

__all__ = ["COMMITMENTS", "DEFAULT", "EVENTS", "INDICATORS", "TABLES", "default_folder"]

DEFAULT = "detente-record"
"""The folder of the record, in the current folder, where none is named."""


def default_folder() -> str | None:
    """The default folder, where there is a record in it."""
    from pathlib import Path

    return DEFAULT if (Path(DEFAULT) / "record.json").exists() else None


EVENTS: dict[str, str] = {
    "date": "DATE",  # the day of the event, as the source gives it
    "source": "VARCHAR",  # who acted: the actor's code or name, as the source gives it
    "target": "VARCHAR",  # towards whom
    "source_country": "VARCHAR",  # ISO 3166-1 alpha-3
    "target_country": "VARCHAR",
    "code": "VARCHAR",  # what was done, in the terms of `ontology`; codes are text (010 is not 10)
    "ontology": "VARCHAR",  # cameo, weis, plover, ucdp, acled, or the name that a mapping file gives
    "quad": "UTINYINT",  # 1 .. 4, see above
    "intensity": "FLOAT",  # on `scale`
    "scale": "VARCHAR",  # goldstein, or the name that a mapping file gives
    "place": "VARCHAR",
    "mentions": "INTEGER",  # how often it was reported; for fatal events of UCDP and ACLED: empty
    "tone": "FLOAT",  # mean tone of the reports, -100 .. 100 (GDELT)
    "publisher": "VARCHAR",  # who reported it
    "url": "VARCHAR",
    "id": "VARCHAR",  # the source's own number of the event, where it has one
    "title": "VARCHAR",  # the event in one line, where somebody has worded it
}

COMMITMENTS: dict[str, str] = {
    "recorded": "TIMESTAMP",  # when the entry was made (UTC)
    "item": "VARCHAR",  # a measure of the case, or AGREEMENT/PROVISION
    "party": "VARCHAR",  # who owes it
    "due": "DATE",  # when it is due; empty: no date was set
    "as_of": "DATE",  # the day for which the reading is made
    "state": "VARCHAR",  # none, minimal, intermediate, full, reversed, disputed
    "reader": "VARCHAR",  # whose reading it is: a party, or whoever keeps the record
    "evidence": "VARCHAR",  # what the reading rests on
    "note": "VARCHAR",
}

INDICATORS: dict[str, str] = {
    "date": "DATE",  # the first day of the period that the value is for
    "indicator": "VARCHAR",  # what is counted or measured
    "value": "DOUBLE",
    "unit": "VARCHAR",
    "period": "VARCHAR",  # day, month, quarter, year, or empty where the value is for a single day
    "party": "VARCHAR",  # whose act it is, where it is anybody's
    "evidence": "VARCHAR",  # where it is from
}

TABLES: dict[str, dict[str, str]] = {"events": EVENTS, "commitments": COMMITMENTS, "indicators": INDICATORS}
