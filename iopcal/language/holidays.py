"""Which public holidays a program keeps. Their names are checked where the holidays are looked up."""

from __future__ import annotations

import re

from iopcal.language.fields import Field, Table, Value, list_of, object_schema, read_row
from iopcal.language.report import Report, meant, shown
from iopcal.language.texts import NAME_LENGTH, list_texts, text_of
from iopcal.model import HolidayRule
from iopcal.source import Node, Scalar

_REGION = "[A-Za-z]{2}(-[A-Za-z0-9]{1,3})?"


def folded_name(name: str) -> str:
    """Returns a holiday's name as it is compared: without case and without "(observed)"."""
    return re.sub(r"\s*\(observed\)", "", name.casefold()).strip()


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
_ONLY: Field[tuple[str, ...]] = Field(
    "only", list_texts("a holiday", "holidays"), "names of the only holidays kept"
)
_EXCEPT: Field[tuple[str, ...]] = Field(
    "except", list_texts("a holiday", "holidays"), "names of holidays not kept"
)
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
    only = tuple(folded_name(name) for name in row.get(_ONLY) or ())
    but = tuple(folded_name(name) for name in row.get(_EXCEPT) or ())
    return HolidayRule(region.text, only, but, region.place)


_RULE: Value[HolidayRule] = Value(
    _read_rule, {"anyOf": [_REGION_VALUE.schema, object_schema(HOLIDAY_RULE)]}, "holiday-rule"
)
HOLIDAYS: Value[tuple[HolidayRule, ...]] = list_of(_RULE, "regions", least=0)
