"""Every session a line, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from iopcal.model import Program, Session, Status

COLUMNS = ("start", "end", "minutes", "track", "phase", "session", "topic", "status", "counted", "path")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(program: Program, sessions: Iterable[Session]) -> tuple[tuple[str, ...], ...]:
    """Returns the sessions that are not left out, a tuple of the COLUMNS each, by start.

    Phase and session are names, track and path ids (`-` for the unnamed track and the only cohort; of a
    participant's sessions the path is theirs); the groups of a rolling program have no phase. Times are UTC.
    """
    phases = {phase.id: phase.name for phase in program.phases}
    return tuple(
        _row(session, phases.get(session.phase, ""))
        for session in sessions
        if session.status is not Status.CLOSED
    )


def _row(session: Session, phase: str) -> tuple[str, ...]:
    real = session.real
    return (
        _utc(real.start),
        _utc(real.end),
        str(real.minutes),
        session.path.track or "-",
        phase,
        real.name,
        real.topic,
        session.status.value,
        "yes" if session.counted else "no",
        session.path.participant or session.path.cohort or "-",
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def tsv(lines: Iterable[tuple[str, ...]]) -> str:
    """Returns lines with tabs between the cells and no header; no cell holds a tab or a line break."""
    return "".join("\t".join(line) + "\n" for line in lines)


def as_csv(lines: Iterable[tuple[str, ...]], columns: tuple[str, ...] = COLUMNS) -> str:
    """Returns a CSV table with a header (RFC 4180); a cell that a spreadsheet would calculate is prefixed."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_harmless(cell) for cell in line] for line in lines)
    return out.getvalue()


def as_json(program: Program, sessions: Iterable[Session]) -> list[dict[str, str]]:
    """Returns the same as plain values."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows(program, sessions)]


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and cell != "-" else cell
