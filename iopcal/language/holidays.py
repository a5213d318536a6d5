"""Which public holidays a program keeps. Their names are checked where the holidays are looked up."""

from __future__ import annotations

import re

from iopcal.calendar_days import plain_name
from iopcal.language.fields import Field, Table, Value, list_of, object_schema, read_row
from iopcal.language.report import Report, meant, shown
from iopcal.language.texts import NAME_LENGTH, named, text_of
from iopcal.model import HolidayRule
from iopcal.source import Node, Scalar

_REGION = "[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?"


def _read_region(node: Node, report: Report) -> Scalar | None:
    found = text_of(node, report, "a country or subdivision code such as 'US' or 'US-IL'", NAME_LENGTH)
    if found is None:
        return None
    if not re.fullmatch(_REGION, found.text):
        joined = re.sub("[_ /]+", "-", found.text.upper())
        hint = meant(joined if re.fullmatch(_REGION, joined) else "", "codes look like 'US' or 'US-IL'")
        report.error(found.place, "IOP150", f"{shown(found.text)} is not a country or subdivision code", hint)
        return None
    return found._replace(text=found.text.upper())


_REGION_VALUE: Value[Scalar] = Value(_read_region, {"type": "string", "pattern": f"^{_REGION}$"}, "region")
_USE: Field[Scalar] = Field("use", _REGION_VALUE, "the country or country-subdivision code", needed=True)
_NAMES = list_of(named("a holiday"), "holidays")
_ONLY: Field[tuple[Scalar, ...]] = Field("only", _NAMES, "names of the only holidays kept")
_EXCEPT: Field[tuple[Scalar, ...]] = Field("except", _NAMES, "names of holidays not kept")
HOLIDAY_RULE = Table(
    "a rule of 'holidays'", (_USE, _ONLY, _EXCEPT), synonyms={"region": "use", "country": "use"}
)


def _read_rule(node: Node, report: Report) -> HolidayRule | None:
    if isinstance(node, Scalar):
        region = _read_region(node, report)
        return None if region is None else HolidayRule(region.text, (), (), region.place)
    row = read_row(HOLIDAY_RULE, node, report)
    region = row.get(_USE) if row is not None else None
    if row is None or region is None:
        return None
    only, but = row.get(_ONLY) or (), row.get(_EXCEPT) or ()
    return HolidayRule(
        region.text,
        tuple(plain_name(name.text) for name in only),
        tuple(plain_name(name.text) for name in but),
        region.place,
        tuple((name.text, name.place) for name in (*only, *but)),
    )


_RULE: Value[HolidayRule] = Value(
    _read_rule, {"anyOf": [_REGION_VALUE.schema, object_schema(HOLIDAY_RULE)]}, "holiday-rule"
)
HOLIDAYS: Value[tuple[HolidayRule, ...]] = list_of(_RULE, "regions", least=0)
