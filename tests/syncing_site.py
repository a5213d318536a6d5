"""A folder with a sync file and its programs, kept right against a fake Google over real sockets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import Result

from tests.command import run
from tests.fake_google import FakeGoogle

PROGRAM = """\
program: Riverbend Evening
id: riverbend-evening
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
sessions:
  - {name: Process group, minutes: 60}
  - {name: Education, minutes: 60, days: [wed], location: Main building}
phases:
  - {name: Intensive, weeks: 10, days: [mon, tue, wed]}
"""
FEED = "riverbend-evening/program"
NOW = "2027-02-10T06:00:00Z"


class Site:
    """One sync file; every run is one of a person or of cron, at a fixed time."""

    def __init__(self, folder: Path, fake: FakeGoogle, calendars: str | None = None, **keys: str) -> None:
        self.folder, self.fake, self.now = folder, fake, NOW
        self.calendar = fake.calendar("Staff")
        self.program(PROGRAM)
        self.sync(calendars or f"{{{FEED}: {self.calendar}}}", **keys)

    def program(self, text: str, name: str = "evening.yaml") -> None:
        """Writes a program."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def change(self, old: str, new: str, name: str = "evening.yaml") -> None:
        """Replaces words of a program."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.program(text.replace(old, new), name)

    def sync(self, calendars: str, more: str = "", top: str = "", programs: str = "evening.yaml") -> None:
        """Writes the sync file."""
        text = (
            "iopcal-sync: 1\n"
            f"programs: [{programs}]\n"
            "state: state\n"
            "credentials:\n  test: {kind: none}\n"
            "targets:\n"
            f"  - {{name: staff, kind: google, credentials: test, calendars: {calendars}{more}}}\n"
            f"{top}"
        )
        (self.folder / "sync.yaml").write_text(text, encoding="utf-8")

    @property
    def file(self) -> str:
        """The name of the sync file."""
        return str(self.folder / "sync.yaml")

    def run(self, command: str, *words: object, env: Mapping[str, str | None] | None = None) -> Result:
        """Runs a command on the sync file in this process; nothing of other people may be printed."""
        self.fake.new_run()
        given = [command, *words]
        root = {"IOPCAL_GOOGLE_API_ROOT": self.fake.root, "IOPCAL_WAIT_SCALE": "0.01"}
        result = run(*given, self.file, now=self.now, env={**root, **(env or {})})
        self.fake.check_output(result.output)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def json(self, command: str, *words: object) -> dict[str, Any]:
        """Runs a command with --json and returns its document; nothing else may be on standard output."""
        document: dict[str, Any] = json.loads(self.run(command, "--json", *words).stdout)
        return document

    def live(self, calendar: str = "") -> dict[str, Any]:
        """Returns the live events of a calendar by id."""
        return self.fake.live(calendar or self.calendar)

    def named(self, summary: str, calendar: str = "") -> str:
        """Returns the id of the first live event of that title."""
        return next(id for id, row in sorted(self.live(calendar).items()) if row["summary"] == summary)
