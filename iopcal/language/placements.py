"""When a session is and how long: `at` and `minutes`, by track."""

from __future__ import annotations

from iopcal.language.clocks import EARLY, MIDNIGHT, TIME, TIMING, Timing
from iopcal.language.fields import Field, Row, by_key
from iopcal.language.numbers import nearest_minutes, number
from iopcal.language.references import Directory
from iopcal.language.report import Report, shown
from iopcal.model import Place, Placement, Track
from iopcal.source import Scalar
from iopcal.words import clock_words

At = tuple[tuple[Scalar | None, Timing], ...]
"""A timing for each track named; for all of them under None."""

MOST_MINUTES = MIDNIGHT


AT: Field[At] = Field(
    "at",
    by_key(TIMING, "times")._replace(name="at"),
    "when it begins: a time, a range of times `17:30-19:00`, or a mapping track: time. Without it, a session "
    "begins when the one before it ends",
)
MINUTES: Field[int] = Field(
    "minutes",
    number("minutes", MOST_MINUTES, nearest_minutes),
    "its length, 1 to 1,440; not needed when `at` is a range",
)
DAY_STARTS: Field[int] = Field(
    "day_starts", TIME, "when the first session of a treatment day begins that has no `at` of its own"
)


def placements_of(
    row: Row, tracks: tuple[Track, ...], known: Directory, report: Report
) -> dict[str, Placement]:
    """Returns what `at` and `minutes` say, by track id, for `tracks`; one they leave out is absent.

    Lengths that disagree (IOP162), sessions that end after midnight (IOP163), ones that begin before 05:00
    (IOP164, a warning) and times for tracks that are none of `tracks` (IOP172, a warning) are reported.
    """
    minutes = row.get(MINUTES)
    timings: dict[str, Timing] = {}
    for key, timing in row.get(AT) or ():
        _check(timing, minutes, report)
        if key is None:
            timings = {track.id: timing for track in tracks}
            continue
        found = known.find(key, report)
        if found in timings:
            report.error(
                key.place, "IOP105", f"the track {shown(key.text)} has two times", "give it one time"
            )
        elif found is not None:
            timings[found] = timing
            if found not in {track.id for track in tracks}:
                message = f"the time for the track {shown(key.text)} has no effect: 'tracks' leaves it out"
                report.warn(key.place, "IOP172", message, "add the track to 'tracks', or remove its time")
    placements = {}
    for track in tracks:
        if track.id in timings:
            timing = timings[track.id]
            placements[track.id] = Placement(track.id, timing.start, timing.minutes or minutes)
        elif minutes is not None:
            placements[track.id] = Placement(track.id, None, minutes)
    return placements


def _check(timing: Timing, minutes: int | None, report: Report) -> None:
    if timing.minutes is not None and minutes is not None and timing.minutes != minutes:
        report.error(
            timing.place,
            "IOP162",
            f"{shown(timing.text)} is {timing.minutes} minutes long, but 'minutes' says {minutes}",
            "give one of them, or make them agree",
        )
    elif timing.minutes is None and minutes is not None:
        ends_that_day(timing.start, minutes, timing.place, report)
    warn_early(timing.start, timing.place, report)


def ends_that_day(start: int, minutes: int, place: Place, report: Report) -> None:
    """Reports a session that would end after midnight (IOP163)."""
    if start + minutes > MIDNIGHT:
        end = clock_words(start + minutes - MIDNIGHT) if start + minutes < 2 * MIDNIGHT else "midnight"
        report.error(
            place,
            "IOP163",
            f"'{clock_words(start)}' and {minutes} minutes make {end} on the next day",
            "a session ends by midnight of the day it begins",
        )


def warn_early(start: int, place: Place, report: Report) -> None:
    """Warns of a time before 05:00 (IOP164), which is more often a forgotten 'pm'."""
    if start < EARLY:
        clock = clock_words(start)
        later = clock_words(start + 720)
        report.warn(
            place, "IOP164", f"'{clock}' is in the night", f"write '{later}' if the afternoon is meant"
        )
