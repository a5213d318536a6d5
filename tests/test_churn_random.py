"""Edits whose effect a formula decides, made on random programs, and undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

import pytest
import yaml

from iopcal.expand import expand
from iopcal.lint import lint
from iopcal.model import NOWHERE, Activity, Closure, Edit, Event, OnChange, Program, Slot, Span, Status
from iopcal.problems import has_errors
from iopcal.publish import Draft, Options, drafts, wanted_files
from tests.drafting import TODAY, Refused, expanded
from tests.programs import random_program
from tests.publishing import Count, Files, build, count, events

FIRST = datetime(2025, 1, 1, 12, tzinfo=UTC)  # all is ahead
MINUTE = timedelta(minutes=1)
SEEDS = range(4)
LONG_SEEDS = range(4, 1_000)
UNCHANGED = Count(0, 0, 0)


class Published(NamedTuple):
    """A program, its files, and what its calendars hold."""

    program: Program
    files: Files
    drafts: tuple[Draft, ...]

    def expect(self, tell: Callable[[Draft], Count]) -> dict[str, Count]:
        """Returns what is expected of each file."""
        return {draft.file: tell(draft) for draft in self.drafts if draft.data is not None}


class Trial(NamedTuple):
    """An edited program, and how many UIDs each file is to gain, lose and say otherwise."""

    program: Program
    expected: dict[str, Count]


Try = Callable[[Random, Published], Trial | None]


def publish(program: Program, files: Files, now: datetime, flat: bool) -> Published | None:
    """Returns the program published over `files`, None where it has errors."""
    expansion = expand(program, now.date())
    if has_errors(expansion.problems):
        return None
    drafted = drafts(program, expansion, files.get, Options(now, flat))
    return Published(program, {**files, **wanted_files(drafted)}, drafted)


def without_counting(program: Program) -> Program:
    """Returns the program without what counts days held, so that a closed day shifts nothing else."""
    activities = tuple(
        row._replace(visits=(), times=0, topics=row.topics and row.topics._replace(on_closure="skip"))
        for row in program.activities
    )
    phases = tuple(phase._replace(visits=0, weeks=3) if phase.visits else phase for phase in program.phases)
    closures = tuple(line._replace(extend=False) for line in program.closures)
    return program._replace(activities=activities, phases=phases, closures=closures)


def rename(rng: Random, state: Published) -> Trial | None:
    """A session is given another name and keeps its id."""
    program = state.program
    renamed_for_a_while = {line.activity for line in program.on_changes if line.edit.name}
    renamed_for_a_while |= {line.activity for line in program.from_changes if line.edit.name}
    chosen = rng.choice(program.activities)
    if chosen.id in renamed_for_a_while:
        return None
    name = f"{chosen.name} anew"
    activities = tuple(row._replace(name=name) if row is chosen else row for row in program.activities)
    expected = state.expect(
        lambda draft: Count(0, 0, sum(event.key[7] == chosen.id for event in held(draft)))
    )
    return Trial(program._replace(activities=activities), expected)


def reorder(rng: Random, state: Published) -> Trial | None:
    """Two neighbours that have a time of their own change places in the list."""
    rows = list(state.program.activities)
    at = rng.randrange(len(rows))
    if at == 0 or not (is_placed(state.program, rows[at]) and is_placed(state.program, rows[at - 1])):
        return None
    rows[at - 1 : at + 1] = rows[at], rows[at - 1]
    return Trial(state.program._replace(activities=tuple(rows)), state.expect(lambda _: UNCHANGED))


def is_placed(program: Program, row: Activity) -> bool:
    overrides = [
        override.edit
        for phase in program.phases
        for override in phase.overrides
        if override.activity == row.id
    ]
    later = [line.edit for line in program.from_changes if line.activity == row.id]
    unplaced = any(edit.unplaced for edit in (*overrides, *later))
    return not unplaced and all(placement.start is not None for placement in row.placements)


def cancel(rng: Random, state: Published) -> Trial | None:
    """One session of one path and day is cancelled."""
    return touch_one(rng, state, cancel=True)


def move(rng: Random, state: Published) -> Trial | None:
    """One session of one path and day is moved by some days."""
    return touch_one(rng, state, days=rng.randint(1, 9))


def touch_one(rng: Random, state: Published, cancel: bool = False, days: int = 0) -> Trial | None:
    slot = rng.choice(state.drafts[0].publication.slots)
    if not slot.live or slot.planned is None:
        return None
    cohort, track = ("" if part == "-" else part for part in slot.item[3:5])
    to = slot.date + timedelta(days=days) if days else None
    line = OnChange(
        Span(slot.date, slot.date), slot.item[7], cancel, to, Edit(), "", (track,), (cohort,), NOWHERE
    )
    program = state.program._replace(on_changes=(*state.program.on_changes, line))
    status = Status.CANCELLED if cancel else Status.MOVED
    (after,) = (
        each.status
        for each in expand(program, TODAY).sessions
        if (each.path.cohort, each.path.track, each.activity.id, each.date)
        == (cohort, track, slot.item[7], slot.date)
    )
    if after is not status:  # its new day is closed
        return None

    def expected(draft: Draft) -> Count:
        shown = [each for each in draft.publication.slots if each.single[3:] == slot.single[3:]]
        return sum_up(entry_of(draft, each) for each in shown)

    return Trial(program, state.expect(expected))


def close(rng: Random, state: Published) -> Trial | None:
    """A day on which all takes place as planned is closed; people have seen it, and it lies ahead."""
    slots = state.drafts[0].publication.slots
    day = rng.choice(slots).date
    near = [
        slot
        for draft in state.drafts
        for slot in draft.publication.slots
        if day in (slot.date, slot.real.start.date())
    ]
    if not all(slot.live for slot in near) or any(day in line.span for line in state.program.closures):
        return None
    line = Closure(Span(day, day), "Snow", False, False, None, None, None, (), (), NOWHERE)
    program = state.program._replace(closures=(*state.program.closures, line))

    def expected(draft: Draft) -> Count:
        return sum_up(entry_of(draft, slot) for slot in draft.publication.slots if slot.date == day)

    return Trial(program, state.expect(expected))


def held(draft: Draft) -> tuple[Event, ...]:
    return draft.publication.calendar.events


def entry_of(draft: Draft, slot: Slot) -> Count:
    """Returns what happens to the entries of a calendar when this one live slot is told otherwise."""
    if any(event.key == slot.single for event in held(draft)):
        return Count(0, 0, 1)
    (series,) = (event for event in held(draft) if event.key[:-1] == slot.item and slot.date in event.dates)
    return Count(1, 1, 0) if series.dates == (slot.date,) else Count(1, 0, 1)


def sum_up(counts: Iterator[Count]) -> Count:
    return Count(*(sum(column) for column in zip(UNCHANGED, *counts, strict=True)))


EDITS = (rename, reorder, cancel, move, close)


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_of_a_random_program_changes_what_the_formula_says(edit: Try) -> None:
    done = sum(check(edit, seed) for seed in SEEDS)
    print(f"{edit.__name__}: {done} of {len(SEEDS)} programs edited and undone")
    assert done >= len(SEEDS) // 8


@pytest.mark.long
@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_of_many_random_programs_changes_what_the_formula_says(edit: Try) -> None:
    done = sum(check(edit, seed) for seed in LONG_SEEDS)
    print(f"{edit.__name__}: {done} of {len(LONG_SEEDS)} programs edited and undone")
    assert done >= len(LONG_SEEDS) // 8


def test_keys_in_another_order_change_no_byte() -> None:
    for seed in SEEDS:
        text = random_program(seed)
        try:
            files = build(text, {}, FIRST.isoformat())
        except Refused:
            continue
        loaded = yaml.load(text, yaml.BaseLoader)
        other = yaml.dump(shuffled(Random(seed), loaded), sort_keys=False, allow_unicode=True, width=10_000)
        assert build(other, files, FIRST.isoformat()) == files, seed
        assert build(other, {}, FIRST.isoformat()) == files, seed


def shuffled(rng: Random, value: Any) -> Any:
    """Returns a value of a YAML file with the keys of every mapping in another order."""
    if isinstance(value, dict):
        items = [(key, shuffled(rng, each)) for key, each in value.items()]
        rng.shuffle(items)
        return dict(items)
    return [shuffled(rng, each) for each in value] if isinstance(value, list) else value


def check(edit: Try, seed: int) -> bool:
    """Edits the random program of a seed and undoes it; False where the edit is none of this program's."""
    rng = Random(f"{edit.__name__} {seed}")
    try:
        program, _ = expanded(random_program(seed))
    except Refused:
        return False
    flat = seed % 3 == 0
    first = publish(without_counting(program), {}, FIRST, flat)
    if first is None or not first.drafts[0].publication.slots:
        return False
    trial = next((found for _ in range(8) if (found := edit(rng, first))), None)
    edited = trial and publish(trial.program, first.files, FIRST + MINUTE, flat)
    if trial is None or edited is None:
        return False
    place = f"{edit.__name__}, seed {seed}"
    counted = {file: count(first.files[file], data) for file, data in edited.files.items()}
    assert counted == trial.expected, place
    for file, data in edited.files.items():
        if trial.expected[file] == UNCHANGED:
            assert data == first.files[file], place
        findings = lint(data, as_="feed", was=first.files[file], now=FIRST + MINUTE)
        assert not [each for each in findings if each.code[0] == "D" and each.code != "D6"], place
    again = publish(trial.program, edited.files, FIRST + 2 * MINUTE, flat)
    assert again is not None
    assert again.files == edited.files, place
    undone = publish(first.program, edited.files, FIRST + 3 * MINUTE, flat)
    assert undone is not None
    assert_undone(first.files, undone.files, place)
    return True


def assert_undone(first: Files, undone: Files, place: str) -> None:
    """Holds that every event says again what it said, under no smaller number."""
    for file, data in undone.items():
        was, now = events(first[file]), events(data)
        assert {uid: told.lines for uid, told in was.items()} == {
            uid: told.lines for uid, told in now.items()
        }, place
        assert all(now[uid].sequence >= told.sequence for uid, told in was.items()), place
