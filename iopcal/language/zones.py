"""Time zones: only IANA names pass; the right one is offered for abbreviations and the names Windows uses."""

from __future__ import annotations

import re

from iopcal.language.fields import Value, scalar
from iopcal.language.report import Report, meant, shown
from iopcal.problems import nearest
from iopcal.source import Node

FORM = "write the name of a place from the IANA list, such as 'America/Chicago'"


def _read_zone(node: Node, report: Report) -> str | None:
    found = scalar(node, report, "a time zone")
    if found is None:
        return None
    if _is_zone(found.text):
        return found.text
    hint = meant(nearest_zone(found.text), FORM)
    report.error(found.place, "IOP101", f"{shown(found.text)} is not a time zone", hint)
    return None


def _is_zone(name: str) -> bool:
    """Says whether `name` is an IANA name with a place in it, or UTC.

    Names without a place ('EST', 'Japan') are relics of the zone database: 'EST' has no summer time.
    """
    from zoneinfo import ZoneInfo

    spelt = re.fullmatch("([A-Z][A-Za-z0-9_+-]*/)+[A-Z][A-Za-z0-9_+-]*", name)
    if name != "UTC" and not spelt:
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def nearest_zone(name: str) -> str:
    """Returns the IANA name that is probably meant, or ''."""
    from zoneinfo import available_timezones

    from iopcal.language.zone_names import ABBREVIATIONS, WINDOWS

    if re.fullmatch(r"(?i)(utc|gmt)? *[+-] *[0-9:.]+", name):
        return ""  # an offset is no zone: it knows no summer time
    folded = name.casefold().replace(" ", "_").strip("_")
    for names in (WINDOWS, ABBREVIATIONS):
        for other, zone in names.items():
            if folded == other.casefold().replace(" ", "_"):
                return zone
    plain = re.sub("^us_|_?(standard|daylight|summer)?_?time$", "", folded)
    if plain in ABBREVIATIONS:
        return ABBREVIATIONS[plain]
    zones = sorted(zone for zone in available_timezones() if _is_zone_name(zone))
    for zone in zones:
        if folded in {zone.casefold(), zone.rpartition("/")[2].casefold()}:
            return zone
    if any(zone.casefold().startswith(f"{folded}/") for zone in zones):
        return ""
    if "/" in name:
        return nearest(folded, zones)
    places = {zone.rpartition("/")[2]: zone for zone in zones}
    return places.get(nearest(folded, places), "") if len(folded) > 4 else ""


def _is_zone_name(zone: str) -> bool:
    return zone == "UTC" or (
        "/" in zone and zone[0].isupper() and not zone.startswith(("Etc/", "SystemV/", "US/"))
    )


ZONE: Value[str] = Value(
    _read_zone, {"type": "string", "pattern": "^(UTC|[A-Z][A-Za-z0-9_+-]*(/[A-Z][A-Za-z0-9_+-]*)+)$"}
)
