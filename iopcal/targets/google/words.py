"""Why a calendar could not be kept, in words: code, sentence, what to do."""

from __future__ import annotations

from collections.abc import Mapping

AGAIN = "run again; what is done stays done"
ASK = frozenset({"gone", "reader", "forbidden"})  # time alone does not mend these

WHY: Mapping[str, tuple[str, str, str]] = {
    "network": ("IOP511", "Google could not be reached", AGAIN),
    "busy": ("IOP512", "Google did not answer as it should, again and again", AGAIN),
    "time": ("IOP513", "the time for waiting is used up", AGAIN),
    "quota": ("IOP514", "Google's quota is used up", "run again in some hours; what is done stays done"),
    "gone": (
        "IOP515",
        "the calendar is not there, or not shared with this account",
        'share it with the account (iopcal login names its address) with "Make changes to events"',
    ),
    "reader": (
        "IOP516",
        "this account may only read the calendar",
        'share it with the account with "Make changes to events"',
    ),
    "forbidden": (
        "IOP517",
        "Google does not allow this account to do so",
        "look with: iopcal doctor google",
    ),
}
