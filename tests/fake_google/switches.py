"""The doubtful rules of the real service, each a switch; the defaults are the likeliest."""

from __future__ import annotations

from dataclasses import dataclass

ORDERS = ("rule", "reversed", "as-sent")


@dataclass(frozen=True)
class Switches:
    """Every value must lead a good program to the same calendar."""

    auth: str = "on"  # "off": calls without a bearer are accepted
    user: str = "coordinator@example.org"  # who calls when there is no bearer
    login_life: int | None = None  # seconds that a consent holds, as Google tells it of apps in Testing
    machines: int = 1  # how many programs may write to one calendar at once
    latency: float = 0.0  # seconds that a request over sockets stays in flight
    one_calendar_per_title: bool = True  # two calendars.insert of one title in a run are a violation

    # reading
    page_cap: int | None = None  # fewer rows on a page than asked for
    ext_mode: str = "and"  # "or": repeated property filters (the guide says so)
    token_after_timemin: bool = False  # a nextSyncToken even after one of the eight parameters
    sync_token_life: float | None = None  # seconds
    bare_tombstones: bool = False  # only id and status of what was deleted
    oldest_updated_min: float = 28 * 86400.0  # seconds that updatedMin may lie back

    # writing
    noop_moves_etag: bool = False  # a PATCH that changes nothing
    reminders_move_etag: bool = True  # a PATCH of the reminders alone
    undelete: str = "full_body"  # "forbidden", "ok"
    import_mode: str = "duplicate"  # "upsert"
    collision_missed: bool = False  # a second insert of an id overwrites
    unknown_zones: tuple[str, ...] = ("Europe/Kyiv",)

    # what comes back
    rrule_order: str = "rule"  # "reversed", "as-sent"
    split_exdates: bool = True  # one line for each date
    exdates_in_utc: bool = False
    drop_defaults: bool = True  # visibility default and transparency opaque are not sent back
    normalise_text: bool = True  # trimmed, LF
    normalise_extra: bool = False  # a full stop behind every title, which nobody predicted
    normalise_zone: bool = False  # older names of time zones
    all_day_reminders: bool = True  # default reminders of all-day events as overrides

    # limits
    calendar_limit: int = 38
    user_units: int = 600  # in any 60 s
    project_units: int = 10_000
    per_calendar_writes: tuple[int, float] | None = None  # (writes, seconds)
    retry_after: float | None = None  # seconds, sent with rate limits
    quota_hours: float = 6.0  # how long quotaExceeded sticks
