"""What nobody may learn from the Google calendars of participants: from bytes, files, figures or words."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from tests.fake_google import FakeGoogle
from tests.syncing_people import PeopleSite, people_fake

# Every text that a program may hold, each of another word that stands nowhere else.
PROGRAM = """\
program: Quillwort Recovery IOP
id: zzprogram
timezone: America/Chicago
starts: 2027-01-04
day_starts: 17:30
location: 12 Tamarind Road
phone: 312 555 0142
link: https://example.org/oleander
roster: roster.yaml
tracks:
  zzmorning: {title: Juniper mornings, day_starts: 9:00}
  zzevening: {title: Larch evenings, room: Mimosa}
sessions:
  - {name: Hawthorn circle, minutes: 60, lead: zzstaff, notes: Bring the foxglove}
  - {name: Break, kind: break, minutes: 10}
  - {name: Magnolia lesson, id: zzsession, minutes: 60, topics: [Verbena, Zinnia]}
  - {name: Hemlock talk, kind: individual, minutes: 50, lead: zzstaff}
phases:
  - {name: Intensive gorse, id: zzphase, weeks: 6, days: [mon, tue, wed]}
  - {name: Fading thistle, weeks: 4, days: 1}
closed: [{on: 2027-02-15, why: Burst pipe of the yarrow}]
changes: [{on: 2027-02-10, session: Hawthorn circle, at: "18:00", why: Dr Nettle is ill}]
feeds:
  - {for: each participant}
  - {name: quiet, for: each participant, privacy: busy}
"""
ROSTER = {
    "zzperson-1": "track: zzevening, place: {Hemlock talk: {at: thu 16:00, lead: zzjasmine}}",
    "zzperson-2": "track: zzmorning, path: [{on: 2027-02-08, phase: Fading thistle}]",
}
CLINICAL = (
    "Quillwort", "Recovery", "zzmorning", "Juniper", "zzevening", "Larch", "Mimosa", "zzstaff",
    "Hawthorn", "foxglove", "Magnolia", "zzsession", "Verbena", "Zinnia", "Hemlock", "Intensive", "gorse",
    "zzphase", "thistle", "yarrow", "Nettle", "zzjasmine",
)  # fmt: skip
UNSHOWN = ("Tamarind", "555 0142", "oleander")  # not unless the feed says so
WORDS = (*CLINICAL, *UNSHOWN)
SHOWN_IDS = ("zzprogram", "zzperson")  # where a run may say which feed it speaks of
NAMES = re.compile(rb"evts[0-9a-v]{34}|(?<![0-9a-z])[0-9a-v]{32}(?![0-9a-z])|c_[0-9a-f]{64}")


@pytest.fixture
def fake() -> Iterator[FakeGoogle]:
    with people_fake() as google:
        yield google


@pytest.fixture
def site(tmp_path: Path, fake: FakeGoogle) -> PeopleSite:
    found = PeopleSite(tmp_path, fake, PROGRAM, ROSTER)
    found.make("zzprogram/*", top="metrics: figures.prom\n")
    return found


def forms(word: str) -> set[str]:
    """Returns a word as it might be hidden: as it is, percent-encoded, in base64; in lower case."""
    data = word.encode()
    shifted = set()
    for shift in range(3):
        code = base64.b64encode(bytes(shift) + data).decode()
        shifted.add(code[(0, 2, 3)[shift] : len(code) - (0, 3, 2)[(shift + len(data)) % 3]].casefold())
    return {word.casefold(), quote(word).casefold(), *(each for each in shifted if len(each) > 6)}


def holds(text: str, words: tuple[str, ...]) -> list[str]:
    """Returns the words that a text holds in any form."""
    folded = text.casefold()
    return [word for word in words if any(form in folded for form in forms(word))]


def sent(fake: FakeGoogle) -> str:
    """Returns every byte that was sent, but for random names and digests: method, address, heads and body."""
    pieces = []
    for record in fake.log:
        heads = "".join(f"{name}: {value}\n" for name, value in record.headers.items())
        address = f"{record.method} {record.path} {unquote(record.path)} {record.query}\n"
        pieces.append(address.encode() + heads.encode() + record.body)
    return NAMES.sub(b"*", b"\n".join(pieces)).decode()


def test_what_is_hidden_is_found() -> None:
    for hidden in ("a/HAWTHORN", base64.b64encode(b"x: Hawthorn circle").decode(), "Hawthorn"):
        assert holds(hidden, ("Hawthorn",))


def test_nothing_that_goes_to_google_tells_what_it_is_or_whose(site: PeopleSite, fake: FakeGoogle) -> None:
    site.run("plan")
    assert site.run("sync").exit_code == 0
    written = len(fake.writes)
    site.enroll(zzperson_1=ROSTER["zzperson-1"].replace("zzevening", "zzmorning"))
    assert site.run("sync").exit_code == 0
    site.enroll(zzperson_2=None)
    gone = "zzprogram/participant/zzperson-2"
    number = re.findall(r"--allow-deletes (\d+)", site.run("clean", gone).stderr)[0]
    assert site.run("clean", gone, "--allow-deletes", number).exit_code == 0
    assert {verb for verb, _, _ in fake.writes[written:]} >= {"insert", "patch"}
    text = sent(fake)
    assert len(fake.log) > 20
    assert min(text.count("Appointment"), text.count("Busy")) > 4
    assert holds(text, (*WORDS, *SHOWN_IDS, "IOP")) == []


def test_only_opaque_marks_are_kept_with_an_event(site: PeopleSite, fake: FakeGoogle) -> None:
    site.run("sync")
    shapes = {"src": "[0-9a-f]{16}", "ref": "[0-9a-v]{32}", "sum": "1:[0-9a-f]{32}:[0-9a-f]{32}"}
    rows = [row for entry in site.book.values() for row in site.live(entry["calendar"]).values()]
    assert rows
    for row in rows:
        assert set(row["extendedProperties"]) == {"private"}
        marks = row["extendedProperties"]["private"]
        assert set(marks) == set(shapes)
        assert all(re.fullmatch(shape, marks[name]) for name, shape in shapes.items())
        assert "attendees" not in row
    quiet = [
        row
        for name, entry in site.book.items()
        if "/quiet/" in name
        for row in site.live(entry["calendar"]).values()
    ]
    assert {row["visibility"] for row in quiet} == {"private"}
    assert {row["summary"] for row in quiet} == {"Busy"}


def test_two_people_who_are_alike_have_nothing_in_common(site: PeopleSite) -> None:
    site.people = dict.fromkeys(("zzperson-1", "zzperson-2"), "track: zzevening")
    site.enroll()
    site.run("sync")
    first, second = (
        {value for row in rows.values() for value in row["extendedProperties"]["private"].values()}
        | set(rows)
        for rows in (
            site.live(site.book[f"zzprogram/participant/{name}"]["calendar"]) for name in site.people
        )
    )
    assert first
    assert not first & second


def test_a_run_says_of_people_their_ids_and_of_the_program_its_id(site: PeopleSite, fake: FakeGoogle) -> None:
    said = [site.run("sync", "-v"), site.run("sync"), site.run("sync", "--json"), site.run("status")]
    site.enroll(zzperson_1=None)
    said += [site.run("sync"), site.run("status", "--json"), site.run("sync", "--quiet")]
    site.enroll(zzperson_1="track: zzevening, path: [{on: 2027-02-11, discharge: true}]")
    said += [site.run("sync"), site.run("clean", "zzprogram/participant/zzperson-2")]
    output = "".join(each.output for each in said)
    assert holds(output, SHOWN_IDS) == list(SHOWN_IDS)
    assert holds(output, WORDS) == []
    assert len({each.exit_code for each in said}) > 1


def test_what_is_stored_tells_no_more(site: PeopleSite) -> None:
    site.run("sync")
    site.run("sync")
    state = site.folder / "state"
    for file in sorted(state.iterdir()):
        assert re.fullmatch(r"[0-9a-f]{64}\.(json|lock)|health\.json", file.name), file.name
        text = file.read_text()
        assert holds(text, WORDS) == []
        if file.name != "health.json":
            assert holds(text, SHOWN_IDS) == []
        if file.suffix != ".lock":
            assert file.stat().st_mode & 0o077 == 0
    assert state.stat().st_mode & 0o077 == 0
    assert holds((site.folder / "secrets/book.yaml").read_text(), WORDS) == []
    figures = (site.folder / "figures.prom").read_text()
    assert holds(figures, (*WORDS, *SHOWN_IDS)) == []


# What would tell is refused


@pytest.mark.parametrize("title", ["Quillwort", "Group therapy", "Of zzperson-2", "Gorse weeks"])
def test_a_telling_title_of_made_calendars_is_refused_before_anything_is_sent(
    site: PeopleSite, fake: FakeGoogle, title: str
) -> None:
    site.make("zzprogram/participant/*", f", title: {title}")
    before = fake.requests
    result = site.run("sync")
    assert result.exit_code == 4
    assert fake.requests == before
    assert not (site.folder / "secrets/book.yaml").exists()
    assert "refused[IOP612]: zzprogram/participant/zzperson-1: a telling word would be shown" in result.stderr
    assert "Nothing was written there\n  look: iopcal plan" in result.stderr
    assert title not in result.output
    plan = site.run("plan", "--check")
    assert plan.exit_code == 4
    assert f"the title '{title}' of made calendars holds the telling word" in plan.stderr
    assert fake.requests == before
    (one, two) = site.json("sync")["calendars"]
    assert one["refused"].startswith("a telling word would be shown (")
    assert two["requests"] == 0


def test_a_telling_place_is_refused_for_those_who_would_be_shown_it(
    site: PeopleSite, fake: FakeGoogle
) -> None:
    site.change("{for: each participant}", "{for: each participant, show: [location]}")
    site.change("lead: zzstaff}\nphases", "lead: zzstaff, location: Hemlock house}\nphases")
    result = site.run("sync")
    assert result.exit_code == 4
    assert result.stderr.count("refused[IOP612]") == 1  # only one of them has placed that session
    assert "refused[IOP612]: zzprogram/participant/zzperson-1: a telling word" in result.stderr
    assert "zzprogram/participant/zzperson-1" not in site.book
    assert "zzprogram/participant/zzperson-2" in site.book
    assert holds(result.output, WORDS) == []
    assert holds(sent(fake), ("Hemlock",)) == []
    assert "the location 'Hemlock house', shown in a discreet calendar" in site.run("plan").stderr


def test_a_telling_word_inside_a_link_is_found(site: PeopleSite) -> None:
    site.change("{for: each participant}", "{for: each participant, show: [link]}")
    link = "https://meet.example.org/myhawthornroom"
    site.change("lead: zzstaff}\nphases", f"lead: zzstaff, link: {link}}}\nphases")
    assert site.run("sync", "--only", "zzprogram/participant/zzperson-1").exit_code == 4
    assert f"the link '{link}', shown in a discreet calendar" in site.run("plan").stderr


def test_what_becomes_telling_later_is_not_written_into_a_calendar_that_is_there(
    site: PeopleSite, fake: FakeGoogle
) -> None:
    site.run("sync")
    site.change("{for: each participant}", "{for: each participant, show: [location]}")
    site.change("lead: zzstaff}\nphases", "lead: zzstaff, location: Hemlock house}\nphases")
    written = len(fake.writes)
    assert site.run("sync", "--only", "zzprogram/participant/zzperson-1").exit_code == 4
    assert len(fake.writes) == written


def test_a_feed_that_tells_less_than_before_sends_nothing_of_what_it_told(
    site: PeopleSite, fake: FakeGoogle
) -> None:
    feed = "zzprogram/participant/zzperson-1"
    site.make(feed)
    site.change("{for: each participant}", "{for: each participant, privacy: full}")
    site.run("sync")
    calendar = site.book[feed]["calendar"]
    site.change("{for: each participant, privacy: full}", "{for: each participant}")
    fake.log.clear()
    number = re.findall(r"--allow-deletes (\d+)", site.run("sync").stderr)[0]
    result = site.run("sync", "--allow-deletes", number)
    assert result.exit_code == 0
    assert f"warning[IOP612]: {feed}: the title that its calendar has in Google" in result.stderr
    assert site.run("sync").exit_code == 0
    assert "Hawthorn" in str(site.live(calendar))  # what was held
    assert site.run("sync", "--rewrite-past").exit_code == 0
    shown = [
        (row["summary"], row.get("description"), row.get("location")) for row in site.live(calendar).values()
    ]
    assert set(shown) == {("Appointment", None, None)}
    assert holds(sent(fake), (*WORDS, *SHOWN_IDS)) == []


def test_a_calendar_that_somebody_has_given_a_telling_title_is_told(
    site: PeopleSite, fake: FakeGoogle
) -> None:
    calendar = fake.calendar("Quillwort visits")
    site.sync(f"{{zzprogram/participant/zzperson-1: {calendar}}}")
    result = site.run("sync")
    assert result.exit_code == 0
    assert (
        "warning[IOP612]: zzprogram/participant/zzperson-1: the title that its calendar has" in result.stderr
    )
    assert "Quillwort" not in result.output
    fake.store.calendars[calendar].summary = "Calendar"
    assert site.run("sync").stderr == ""


def test_a_folder_beside_tells_of_the_roster_where_and_not_what(site: PeopleSite) -> None:
    site.change("{for: each participant}", "{for: each participant, show: [location]}")
    site.change("lead: zzstaff}\nphases", "lead: zzstaff, location: Hemlock house}\nphases")
    text = (site.folder / "sync.yaml").read_text()
    folder = "  - {name: web, kind: ics, folder: out, feeds: [zzprogram/*]}\n"
    start = text.index("targets:\n") + len("targets:\n")
    (site.folder / "sync.yaml").write_text(f"{text[:start]}{folder}")
    result = site.run("sync")
    assert result.exit_code == 3  # the other's calendars are written
    assert re.search(r"evening\.yaml:\d+:\d+: error\[IOP612\]\n", result.stderr)
    assert holds(result.output, WORDS) == []
