"""What a roster says of a participant, in YAML or in CSV, before anything it names is looked up."""

from __future__ import annotations

import re
from datetime import date

from iopcal.language.fields import Value, scalar
from iopcal.language.report import Report, meant, shown
from iopcal.language.texts import ID_LENGTH
from iopcal.model import Place, Span
from iopcal.named_tuple import NamedTuple
from iopcal.source import Node, Scalar


class Told(NamedTuple):
    """A fact as it is written: one of the model's FACTS, its days, the track or phase it names."""

    kind: str
    span: Span
    named: Scalar | None
    place: Place  # of its days


class Placed(NamedTuple):
    """A session that a participant places; without a weekday it keeps the session's own days."""

    session: Scalar
    weekday: int | None
    start: int  # clock
    leads: tuple[str, ...] | None  # None: the session's
    place: Place  # of its time


class Said(NamedTuple):
    """All that is said of one participant; `broken` are keys whose value could not be read."""

    id: Scalar | None
    place: Place
    track: Scalar | None
    cohort: Scalar | None
    starts: date | None
    starts_place: Place
    days: tuple[int, ...]
    chosen: tuple[tuple[Scalar, Scalar], ...]
    placed: tuple[Placed, ...]
    facts: tuple[Told, ...]
    broken: frozenset[str]


_FORM = re.compile(f"[a-z0-9][a-z0-9-]{{0,{ID_LENGTH - 1}}}")


def person_of(found: Scalar, report: Report) -> Scalar | None:
    """Returns the id of a participant: a-z, 0-9 and '-', at most 64 characters (else IOP430)."""
    text = found.text
    if _FORM.fullmatch(text):
        return found
    if len(text) > ID_LENGTH:
        message = f"the id has {len(text):,} characters, more than the {ID_LENGTH} allowed"
        report.error(found.place, "IOP430", message, "shorten it")
        return None
    near = text.casefold().replace("_", "-").replace(".", "-")
    hint = "it is made of a-z, 0-9 and '-', and says nothing of the person, such as 'p-014'"
    hint = meant(near if _FORM.fullmatch(near) else "", hint)
    report.error(found.place, "IOP430", f"{shown(text)} is not the id of a participant", hint)
    return None


def _read_person(node: Node, report: Report) -> Scalar | None:
    found = scalar(node, report, "the id of a participant")
    return None if found is None else person_of(found, report)


PERSON: Value[Scalar] = Value(
    _read_person,
    {"type": ["string", "integer"], "maxLength": ID_LENGTH, "pattern": "^[a-z0-9][a-z0-9-]*$"},
)
