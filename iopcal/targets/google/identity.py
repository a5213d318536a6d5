"""Names that can be found again and tell nothing: ids, marks and digests, all keyed by a salt."""

from __future__ import annotations

import hmac
import re
from base64 import b32hexencode
from functools import lru_cache

from iopcal.named_tuple import NamedTuple

PREFIX = "evts"
_FORM = re.compile(rf"{PREFIX}([0-9a-v]{{2}})([0-9a-v]{{32}})")
_DIGITS = "0123456789abcdefghijklmnopqrstuv"
MOST = len(_DIGITS) ** 2  # numbers that one item can have


class Owner(NamedTuple):
    """One feed in one calendar, and the salt that keys all its digests (HMAC-SHA256, RFC 2104)."""

    salt: str
    program: str  # id
    feed: str  # key, as track/evening

    @property
    def src(self) -> str:
        """The mark of every event of this feed: 16 hexadecimal digits."""
        return self._hmac(self.program, self.feed).hex()[:16]

    def ref(self, key: tuple[str, ...]) -> str:
        """Returns the name of an item in its calendar: 32 digits of base32hex (RFC 4648 section 7)."""
        return b32hexencode(self._hmac(self.program, self.feed, *key)).decode().lower()[:32]

    def digest(self, *texts: str) -> str:
        """Returns 32 hexadecimal digits that stand for these texts."""
        return self._hmac(*texts).hex()[:32]

    def _hmac(self, *texts: str) -> bytes:
        return _hmac(self.salt, "\n".join(texts))


@lru_cache(maxsize=8192)  # what is planned mostly says what was read
def _hmac(key: str, text: str) -> bytes:
    return hmac.digest(key.encode(), text.encode(), "sha256")


class Mark(NamedTuple):
    """The private properties that we write: whose event it is and what we last sent.

    `want` is the digest of all we sent, `seen` that of the visible fields as Google stored them; both are
    '' while we are removing the event.
    """

    src: str
    ref: str
    want: str = ""
    seen: str = ""

    @property
    def gone(self) -> bool:
        """Whether we are removing the event, or have."""
        return not self.want

    def properties(self) -> dict[str, str]:
        """Returns it as `extendedProperties.private`."""
        return {
            "src": self.src,
            "ref": self.ref,
            "sum": "gone" if self.gone else f"1:{self.want}:{self.seen}",
        }


def mark(private: object) -> Mark | None:
    """Reads the mark among an event's private properties; None where there is none in our form."""
    if not isinstance(private, dict):
        return None
    src, ref, total = (private.get(name) for name in ("src", "ref", "sum"))
    if not (isinstance(src, str) and isinstance(ref, str) and isinstance(total, str)):
        return None
    if not re.fullmatch("[0-9a-f]{16}", src):
        return None
    if total == "gone":
        return Mark(src, ref)
    found = re.fullmatch("1:([0-9a-f]{32}):([0-9a-f]{32})", total)
    return Mark(src, ref, found[1], found[2]) if found else None


def event_id(ref: str, number: int) -> str:
    """Returns the id of an item's event; its number counts how often the item was begun anew.

    Google never gives an id twice, not even after the event was deleted.
    """
    high, low = divmod(number, len(_DIGITS))
    return f"{PREFIX}{_DIGITS[high]}{_DIGITS[low]}{ref}"


def parse_id(name: str) -> tuple[str, int] | None:
    """Returns the ref and the number of an event id in our form, else None."""
    found = _FORM.fullmatch(name)
    return (found[2], int(found[1], 32)) if found else None
