"""The keys of the language, as far as reading a file of text needs them to guess what was meant."""

from __future__ import annotations

YES_NO = frozenset({"away", "breaks", "cancel", "counts", "discharge", "extend", "hold", "meals", "optional"})
"""Keys whose value is yes or no: alone inside { } they mean yes."""

LISTS = frozenset(
    {
        "closed", "cohorts", "days", "except", "holidays", "lead", "monthly", "only", "phases", "remind",
        "roster", "sessions", "show", "topics", "track", "tracks", "treatment_days", "visits", "weeks",
    }
)  # fmt: skip
"""Keys that take a list of texts or numbers."""

KEYS = (
    YES_NO
    | LISTS
    | {
        "add", "admission", "advance", "as", "at", "capacity", "changes", "choose", "cohort", "count",
        "day_starts", "every", "feeds", "for", "from", "hours", "id", "instead", "iopcal", "keep_cancelled",
        "kind", "level", "link", "location", "make_up", "max", "min", "minutes", "name", "notes", "on",
        "on_closure", "one_of", "participants", "path", "phase", "phone", "place", "privacy", "program",
        "publish", "room", "session", "shape", "starts", "taper", "times", "timezone", "title", "to", "until",
        "use", "week", "why",
    }
)  # fmt: skip
"""Every key."""
