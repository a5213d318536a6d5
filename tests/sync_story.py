"""The story that docs/sync.md tells: a login, a first push, changes, people's edits, a revoked login.

Every command is run as a process against the fake Google; what it prints is the page's transcript.
"""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.fake_google import FakeGoogle
from tests.google_accounts import GOOGLE_TOKEN, secret

PAGES = "https://accounts.google.com/o/oauth2/auth"
PROGRAM = """\
program: Riverbend Evening IOP
id: riverbend-evening
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
sessions:
  - {name: Process group, minutes: 60}
  - {name: Education, minutes: 60, days: [wed], location: Room 2}
phases:
  - {name: Intensive, weeks: 10, days: [mon, tue, wed]}
"""
SYNC = """\
iopcal-sync: 1
programs: [evening.yaml]
state: state
credentials:
  office: {kind: user, client: secrets/client.json, token: secrets/office.token.json}
targets:
  - name: staff
    kind: google
    credentials: office
    calendars: {riverbend-evening/program: make}
    book: secrets/staff.calendars.yaml
"""


class Story:
    """One folder, one fake and the transcript so far. `now` moves with `later`."""

    def __init__(self, folder: Path, fake: FakeGoogle) -> None:
        self.folder, self.fake = folder, fake
        self.now = "2027-02-10T12:00:00Z"
        self.lines: list[str] = []
        self.aliases: dict[str, str] = {}  # what is random, and what stands for it on the page
        secret(folder / "secrets" / "client.json", fake.client_file(GOOGLE_TOKEN, PAGES))
        (folder / "evening.yaml").write_text(PROGRAM, encoding="utf-8")
        (folder / "sync.yaml").write_text(SYNC, encoding="utf-8")

    def say(self, words: str) -> None:
        """Adds a remark to the transcript."""
        self.lines += ["", f"# {words}"] if self.lines else [f"# {words}"]

    def change(self, old: str, new: str) -> None:
        """Changes the program as its coordinator does."""
        path = self.folder / "evening.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def run(self, *words: str, code: int = 0, browser: bool = False) -> None:
        """Runs a command, as cron would, and adds it to the transcript."""
        self.fake.new_run()
        started = subprocess.Popen(
            (sys.executable, "-m", "iopcal", *words),
            cwd=self.folder,
            env={
                "IOPCAL_GOOGLE_API_ROOT": self.fake.root,
                "IOPCAL_NOW": self.now,
                "IOPCAL_WAIT_SCALE": "0.01",
                "PYTHONPATH": str(Path(__file__).parent.parent),
                "PYTHONUNBUFFERED": "1",
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert started.stdout is not None
        printed = ""
        if browser:
            while (page := re.search(r"http://\S+/auth\?\S+", printed)) is None:
                printed += started.stdout.readline()
            _visit(page[0])
        with started.stdout:
            printed += started.stdout.read()
        started.wait()
        if found := re.search(r"^plan ([0-9a-f]{6}):", printed, re.M):
            self.aliases[found[1]] = "7f3a9c"
        if found := re.search(r"--take-back=(\w{6})", printed):
            self.aliases[found[1]] = "3f9ac1"
        assert started.returncode == code, printed
        self.fake.check_output(printed)
        self.lines += [self._plain(f"$ iopcal {' '.join(words)}"), *self._plain(printed).splitlines()]
        if code:
            self.lines[-1] += f"{' ' * max(3, 100 - len(self.lines[-1]))}(exit {code})"

    def _plain(self, printed: str) -> str:
        """Returns what was printed without what differs from run to run."""
        printed = re.sub(r"http://\S+/auth\?\S+", "https://accounts.google.com/o/oauth2/v2/auth?...", printed)
        printed = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:41793", printed)
        printed = re.sub(r"\b\d{5}:localhost:\d{5}\b", "41793:localhost:41793", printed)
        printed = re.sub(r"-L \d+:127", "-L 41793:127", printed)
        printed = re.sub(rf"\b{re.escape(socket.gethostname())}\b", "clinic-server", printed)
        for random, plain in self.aliases.items():
            printed = printed.replace(random, plain)
        return re.sub(r"\b\d+\.\d s\b", "0.4 s", printed)

    def random(self, plain: str) -> str:
        """Returns what something on the page stands for in this run."""
        return next(random for random, known in self.aliases.items() if known == plain)

    def event(self, title: str) -> Any:
        """Returns the first live event of this title."""
        events = self.fake.live(self.calendar)
        return next(event for _, event in sorted(events.items()) if event.get("summary") == title)

    @property
    def calendar(self) -> str:
        """The calendar that iopcal made."""
        return next(id for id, each in self.fake.store.calendars.items() if each.made_by_client)


def _visit(page: str) -> None:
    """Allows access in a browser that follows Google back to this computer."""
    assert urlsplit(page).hostname == "127.0.0.1"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(page, timeout=10) as answer:
        assert b"Signed in" in answer.read()


def transcript() -> str:
    """Plays the story and returns its transcript."""
    with (
        tempfile.TemporaryDirectory(prefix="story-") as folder,
        FakeGoogle(seed=20270210, wait_scale=0.01) as fake,
    ):
        story = Story(Path(folder), fake)
        _play(story)
        assert fake.violations == []
    return "\n".join(story.lines) + "\n"


def _play(story: Story) -> None:
    story.say("once, on a computer with a browser")
    story.run("login", "office", "--no-browser", browser=True)
    story.say("the first run makes the calendar and fills it; the next one finds nothing to do")
    story.run("sync")
    story.run("sync")
    story.say("evening.yaml: Education takes 75 minutes from 24 February on")
    story.change(
        "phases:",
        "changes:\n  - {from: 2027-02-24, session: Education, minutes: 75}\nphases:",
    )
    story.run("plan")
    story.run("sync", "--expect", story.random("7f3a9c"))
    story.say("somebody changes an event in Google Calendar: that stays, and is told")
    event = story.event("Process group")
    story.fake.people.edit(story.calendar, event["id"], location="Main building")
    story.run("sync", code=6)
    story.run("sync", "--quiet", code=6)
    story.run("sync", f"--take-back={story.random('3f9ac1')}")
    story.say("evening.yaml: snow on 3 March")
    story.change("phases:", "closed: [2027-03-03 Snow]\nphases:")
    story.run("sync")
    story.say("evening.yaml: two weeks closed by mistake; so much is not taken away unasked")
    story.change("closed: [", "closed: [2027-02-15..2027-02-28 Move to Oak Street, ")
    story.run("sync", code=4)
    story.change("2027-02-15..2027-02-28 Move to Oak Street, ", "")
    story.say("the password was changed, and Google no longer renews the login")
    story.fake.revoke(json.loads((story.folder / "secrets/office.token.json").read_text(encoding="utf-8")))
    story.now = "2027-02-10T14:00:00Z"
    story.run("sync", code=5)
    story.run("status")


if __name__ == "__main__":
    print(transcript(), end="")
