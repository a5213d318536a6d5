"""Figures of a run for Prometheus' text-file collector: names of targets and numbers, no other text.

The form is that of prometheus.io/docs/instrumenting/exposition_formats. Counters go on from the file of the
run before; where that is lost they begin anew, which Prometheus expects of every counter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from iopcal.named_tuple import NamedTuple
from iopcal.tally import Tally

VERBS = ("added", "changed", "removed")


class Figures(NamedTuple):
    """What is told of one run. `well` are the moments of the last success by target, in seconds since 1970.

    0 stands for never. `sessions` lie ahead in the programs; `changes` are items by verb; `seconds` is the
    length of the run.
    """

    well: Mapping[str, float]
    sessions: int
    changes: Mapping[str, int]
    requests: int
    seconds: float
    exit: int


def changes_of(tallies: Iterable[Tally]) -> dict[str, int]:
    """Returns how many items were added, changed and removed in all calendars, by verb."""
    tallies = tuple(tallies)
    counts = (
        sum(each.added for each in tallies),
        sum(each.changed for each in tallies),
        sum(each.removed for each in tallies),
    )
    return dict(zip(VERBS, counts, strict=True))


def text(figures: Figures, before: bytes = b"") -> str:
    """Returns the whole file; `before` is the one of the last run."""
    known = _counters(before)

    def counted(name: str, more: int) -> int:
        return known.get(name, 0) + more

    changes = [f'iopcal_changes_total{{verb="{verb}"}}' for verb in VERBS]
    wells = [f'iopcal_last_success_timestamp_seconds{{target="{_escaped(name)}"}}' for name in figures.well]
    lines = [
        *_head(
            "iopcal_last_success_timestamp_seconds", "gauge", "When all feeds of a target were last right."
        ),
        *(f"{name} {value:.0f}" for name, value in zip(wells, figures.well.values(), strict=True)),
        *_head("iopcal_sessions", "gauge", "Sessions of the programs that lie ahead."),
        f"iopcal_sessions {figures.sessions}",
        *_head("iopcal_changes_total", "counter", "Items of calendars, and feeds of folders, that changed."),
        *(
            f"{name} {counted(name, figures.changes.get(verb, 0))}"
            for name, verb in zip(changes, VERBS, strict=True)
        ),
        *_head("iopcal_requests_total", "counter", "HTTP requests to the Google Calendar API."),
        f"iopcal_requests_total {counted('iopcal_requests_total', figures.requests)}",
        *_head("iopcal_run_seconds", "gauge", "How long the last run took."),
        f"iopcal_run_seconds {figures.seconds:.3f}",
        *_head(
            "iopcal_exit_code", "gauge", "Exit code of the last run; 0 is well, 6 leaves edits by hand alone."
        ),
        f"iopcal_exit_code {figures.exit}",
    ]
    return "".join(f"{line}\n" for line in lines)


def _head(name: str, kind: str, words: str) -> tuple[str, str]:
    return f"# HELP {name} {words}", f"# TYPE {name} {kind}"


def _escaped(name: str) -> str:
    """Returns a label's value as the format has it."""
    return name.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _counters(data: bytes) -> dict[str, int]:
    """Returns the counters that a file of ours holds."""
    found = re.findall(rb"^(iopcal_[a-z]+_total(?:\{[^}\n]*\})?) ([0-9]{1,15})$", data, re.M)
    return {name.decode("ascii", "replace"): int(number) for name, number in found}
