"""Feeds as `sync.yaml` names them: riverbend-evening/track/evening, or many by a `*` at the end."""

from __future__ import annotations

import re

from iopcal.language.fields import Value
from iopcal.language.references import slug
from iopcal.language.report import Report, meant, shown
from iopcal.language.texts import ID_LENGTH, text_of
from iopcal.source import Node, Scalar

FEED_LENGTH = 200
FEED_SCHEMA = {
    "type": "string",
    "maxLength": FEED_LENGTH,
    "pattern": r"^[a-z0-9][a-z0-9-]*/([*]|[^\s/*]+(/([*]|[^\s/*]+))?)$",
}
_PROGRAM = f"[a-z0-9][a-z0-9-]{{0,{ID_LENGTH - 1}}}"
_WORD = rf"[^\W_][\w.-]{{0,{ID_LENGTH - 1}}}"
_FORM = re.compile(rf"{_PROGRAM}/(?:\*|{_WORD}(?:/(?:\*|-|{_WORD}))?)")
_HOW = (
    "write the id of the program and the feed, such as 'riverbend-evening/program' or "
    "'riverbend-evening/track/evening'"
)


def feed_of(found: Scalar, report: Report) -> Scalar | None:
    """Returns the text when it has the form of a feed's name, or of many feeds' (else IOP531)."""
    if _FORM.fullmatch(found.text):
        return found
    if "*" in found.text.replace("/*", "", 1) or "/*/" in found.text:
        hint = "'*' stands alone behind the last '/', as in 'riverbend-evening/participant/*'"
    else:
        parts = (part if part in {"*", "-"} else slug(part) for part in found.text.strip("/").split("/"))
        near = "/".join(parts)
        hint = meant(near if _FORM.fullmatch(near) else "", _HOW)
    report.error(found.place, "IOP531", f"{shown(found.text)} is not the name of a feed", hint)
    return None


def _read(node: Node, report: Report) -> Scalar | None:
    found = text_of(node, report, "the name of a feed", FEED_LENGTH)
    return None if found is None else feed_of(found, report)


FEED: Value[Scalar] = Value(_read, FEED_SCHEMA)


def stands_for_many(feed: str) -> bool:
    """Says whether a name ends in `*`."""
    return feed.endswith("*")


def wider(feed: str) -> tuple[str, ...]:
    """Returns the other names with a `*` that this feed, or these feeds, are among."""
    parts = feed.split("/")
    return tuple(
        name for name in ("/".join((*parts[:end], "*")) for end in range(1, len(parts))) if name != feed
    )
