"""The story of two participants that docs/sync.md tells: a step-down, a discharge, and who has left."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.fake_google import FakeGoogle
from tests.sync_story import Story
from tests.syncing_people import people_fake

PROGRAM = """\
program: Riverbend Evening IOP
id: riverbend-evening
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
roster: roster.yaml
sessions:
  - {name: Process group, minutes: 60}
  - {name: Education, minutes: 60}
phases:
  - {name: Intensive, weeks: 8, days: [mon, tue, wed]}
  - {name: Step-down, weeks: 8, days: 2}
"""
ROSTER = """\
participants:
  - {id: p-014, starts: 2027-01-04}
  - {id: p-015, starts: 2027-01-18}
"""
SYNC = """\
iopcal-sync: 1
programs: [evening.yaml]
state: state
credentials:
  office: {kind: none}
targets:
  - name: participants
    kind: google
    credentials: office
    calendars: {riverbend-evening/participant/*: make}
    book: secrets/participants.calendars.yaml
"""
P_015 = "riverbend-evening/participant/p-015"


class PeopleStory(Story):
    """The same with a roster, and nothing to sign in to."""

    def __init__(self, folder: Path, fake: FakeGoogle) -> None:
        super().__init__(folder, fake)
        for name, text in (("evening.yaml", PROGRAM), ("roster.yaml", ROSTER), ("sync.yaml", SYNC)):
            (folder / name).write_text(text, encoding="utf-8")

    def enroll(self, old: str, new: str) -> None:
        """Changes the roster."""
        text = (self.folder / "roster.yaml").read_text(encoding="utf-8")
        assert old in text
        (self.folder / "roster.yaml").write_text(text.replace(old, new), encoding="utf-8")


def transcript() -> str:
    """Plays the story and returns its transcript."""
    with tempfile.TemporaryDirectory(prefix="story-") as folder, people_fake() as fake:
        story = PeopleStory(Path(folder), fake)
        _play(story)
    return "\n".join(story.lines) + "\n"


def _play(story: PeopleStory) -> None:
    story.say("roster.yaml has two people: each gets a calendar")
    story.run("sync")
    story.say("roster.yaml: p-014 steps down on 15 February, two weeks early; nobody else is concerned")
    story.enroll("2027-01-04}", "2027-01-04, path: [{on: 2027-02-15, phase: Step-down}]}")
    story.run("plan")
    story.run("sync")
    story.say("roster.yaml: p-015 is discharged on 3 March")
    story.enroll("2027-01-18}", "2027-01-18, path: [{on: 2027-03-03, discharge: true}]}")
    story.run("sync", code=4)
    story.run("sync", "--only", P_015, "--allow-deletes", "19")
    story.say("some weeks later somebody takes p-015 out of the roster")
    story.now = "2027-03-01T12:00:00Z"
    story.enroll("  - {id: p-015, starts: 2027-01-18, path: [{on: 2027-03-03, discharge: true}]}\n", "")
    story.run("sync", code=4)
    story.run("clean", P_015, code=4)
    story.run("clean", P_015, "--allow-deletes", "3")
    story.run("sync")


if __name__ == "__main__":
    print(transcript(), end="")
