"""The addresses of a program's personal calendars, as far as they may be shown: never themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from iopcal.model import FeedRule, Program
from iopcal.named_tuple import NamedTuple
from iopcal.views.table import table

if TYPE_CHECKING:
    from iopcal.targets.addresses import Address

_STATES = {
    "": "published",
    "revoked": "revoked",
    "left": "has left",
    "ended": "discharged",
}


class Row(NamedTuple):
    """One calendar. `privacy` is '' where the program does not say any longer."""

    key: str
    kind: str
    privacy: str
    address: Address

    def as_json(self) -> dict[str, object]:
        """Returns the row as plain values."""
        return {
            "feed": self.key,
            "kind": self.kind,
            "privacy": self.privacy or None,
            "state": self.address.state or "published",
            "address": self.address.mark or None,
            "made": self.address.made,
            "since": self.address.since or None,
        }


def rows(program: Program | None, addresses: Mapping[str, Address]) -> tuple[Row, ...]:
    """Returns a row for every calendar, sorted by name."""
    rules = {_slot(rule): rule.privacy for rule in program.feeds} if program else {}
    return tuple(
        Row(key, key.partition("/")[0].removesuffix("!file"), rules.get(_slot_of(key), ""), addresses[key])
        for key in sorted(addresses)
    )


def text(found: tuple[Row, ...]) -> str:
    """Returns the rows as lines; `address` is six digits of its hash."""
    lines = [
        (
            row.key,
            row.privacy,
            " ".join(filter(None, (_STATES[row.address.state], row.address.since))),
            row.address.mark,
            row.address.made,
        )
        for row in found
    ]
    return table(("calendar", "privacy", "state", "address", "made"), lines, gap=3).rstrip("\n")


def _slot(rule: FeedRule) -> tuple[str, str, bool]:
    return rule.audience, rule.name, rule.file


def _slot_of(key: str) -> tuple[str, str, bool]:
    """Returns what a key says of the line of `feeds` that it comes from."""
    audience, *rest = key.removesuffix("!file").split("/")
    names = rest if audience == "program" else rest[1:]
    return audience, names[0] if names else "", key.endswith("!file")
