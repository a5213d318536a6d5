"""What Google does where its documentation is silent, tried out in one calendar.

Nothing that iopcal does needs any of it to be as expected; the tries show where its ways around are used.
"""

from __future__ import annotations

from datetime import date, datetime

from iopcal.named_tuple import NamedTuple
from iopcal.targets.google.api import Api, Denied
from iopcal.targets.google.doubts import DOUBTS, SKIPPED
from iopcal.targets.google.pace import Pace
from iopcal.targets.google.scratch import Over, Scratch, Unclear, scratch_id


class Tried(NamedTuple):
    """One try: what was in doubt, whether it is as expected (ok, differs, skipped), and what was seen."""

    doubt: str
    verdict: str
    words: str


class Trial(NamedTuple):
    """All tries in one calendar. `left` says that a scratch event may still be there, on `day`.

    `denied` is the server's word when it would give no access token any more.
    """

    tried: tuple[Tried, ...]
    day: date
    left: bool
    denied: str = ""


def try_out(api: Api, calendar: str, pace: Pace, now: datetime, random: bytes) -> Trial:
    """Makes the scratch event, tries everything with it, and takes it away, whatever happens on the way.

    What an earlier try has left behind, because it was killed, goes as well.
    """
    scratch = Scratch(api, calendar, pace, now, scratch_id(random))
    tried: list[Tried] = []
    denied, over = "", ""
    try:
        for doubt, attempt in DOUBTS:
            if over:
                tried.append(Tried(doubt, SKIPPED, over))
                continue
            try:
                tried.append(Tried(doubt, *attempt(scratch)))
            except Unclear as why:
                tried.append(Tried(doubt, SKIPPED, str(why)))
            except Over as why:
                over = str(why)
                tried.append(Tried(doubt, SKIPPED, over))
            except Denied as refusal:
                denied, over = refusal.reason, "Google refuses the login"
                tried.append(Tried(doubt, SKIPPED, over))
    finally:
        left = not scratch.take_away() if not over else bool(scratch.live)
    return Trial(tuple(tried), scratch.day, left, denied)
