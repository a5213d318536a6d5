"""The generators of rolling programs and rosters: the same everywhere, sound, using the whole language."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest
import yaml

from tests import oracle
from tests.oracle.load import load
from tests.oracle.roster import load_roster
from tests.programs import random_program
from tests.programs.features import features as program_features
from tests.rosters import random_rolling_program, random_roster, today_for
from tests.rosters.features import COHORT, COMMON, ROLLING, features

ROOT = Path(__file__).parents[1]
SEEDS = {"rolling": range(20), "cohort": (*range(16), 42, 51, 64, 66)}  # the last: cohorts in several tracks
FEWEST = 3
rolling = cache(random_rolling_program)


@cache
def roster(kind: str, seed: int) -> tuple[str, str]:
    """Returns a program and its roster."""
    text = rolling(seed) if kind == "rolling" else random_program(seed)
    return text, random_roster(text, seed)


def test_every_feature_of_rosters_occurs_at_least_3_times_in_40() -> None:
    seen = {
        kind: Counter(name for seed in SEEDS[kind] for name in features(*roster(kind, seed)))
        for kind in SEEDS
    }
    both = seen["rolling"] + seen["cohort"]
    assert {name: both[name] for name in COMMON if both[name] < FEWEST} == {}
    assert {name: seen["rolling"][name] for name in ROLLING if seen["rolling"][name] < FEWEST} == {}
    assert {name: seen["cohort"][name] for name in COHORT if seen["cohort"][name] < FEWEST} == {}


def test_rolling_programs_say_what_they_may_and_nothing_else() -> None:
    seen = Counter[str]()
    for seed in range(40):
        text = rolling(seed)
        raw = yaml.load(text, Loader=yaml.BaseLoader)
        seen.update(program_features(text))
        assert raw["admission"] == "rolling"
        assert "cohorts" not in raw
        for phase in raw["phases"]:
            edits = phase.get("sessions", [])
            rows = edits.values() if isinstance(edits, dict) else []
            assert not any({"at", "minutes"} & row.keys() for row in rows)
        for session in raw["sessions"]:
            assert "visits" not in session or "at" in session
        assert all({"weeks", "visits", "until"} & phase.keys() for phase in raw["phases"][:-1])
        seen["no length"] += not {"weeks", "visits", "until"} & raw["phases"][-1].keys()
        seen["no until"] += "until" not in raw
    wanted = {
        "no length", "no until", "program: until", "sessions: topics", "sessions: every", "sessions: monthly",
        "sessions: visits", "sessions: times", "sessions: weeks", "sessions: one_of", "days any on weekdays",
        "on_closure skip", "advance week", "closed: extend", "closed: make_up", "sessions of a phase: days",
        "changes on single days: to", "changes from a day on: at", "added sessions: add", "several tracks",
    }  # fmt: skip
    assert {name: seen[name] for name in wanted if seen[name] < FEWEST} == {}


@pytest.mark.parametrize("kind", ["rolling", "cohort"])
def test_rosters_are_of_the_wanted_size_and_everybody_attends_something(kind: str) -> None:
    for seed in list(SEEDS[kind])[:12]:
        text, people = roster(kind, seed)
        attended = oracle.participants(text, people, today_for(text))
        assert 8 <= len(attended) <= 20
        assert all(attended.values())


@pytest.mark.parametrize("kind", ["rolling", "cohort"])
def test_every_fact_lies_on_the_path_and_no_two_of_a_kind_on_one_day(kind: str) -> None:
    for seed in list(SEEDS[kind])[:12]:
        text, people = roster(kind, seed)
        days = {
            id_: {day.day for day in course}
            for id_, course in oracle.courses(text, people, today_for(text)).items()
        }
        for row in yaml.load(people, Loader=yaml.BaseLoader)["participants"]:
            path = row.get("path", [])
            lines = [path] if isinstance(path, dict) else path
            firsts = [(date.fromisoformat(line["on"][:10]), *sorted(line.keys() - {"on"})) for line in lines]
            assert [first for first, _ in firsts] == sorted(first for first, _ in firsts)
            assert len(set(firsts)) == len(firsts)
            assert {first for first, _ in firsts} <= days[row["id"]]


def test_what_a_participant_of_a_rolling_program_has_not_placed_is_the_groups() -> None:
    compared = 0
    for seed in list(SEEDS["rolling"])[:12]:
        text, people = roster("rolling", seed)
        today = today_for(text)
        group = {
            (one.track, one.start, one.end, one.name, one.topic, one.status)
            for one in oracle.expand(text, today)
        }
        alone = {one.id for one in load(text).sessions if one.visits is not None}
        attended = oracle.participants(text, people, today)
        for person in load_roster(load(text), people):
            for one in attended[person.id]:
                if one.session not in alone and one.session not in person.place:
                    assert (one.track, one.start, one.end, one.name, one.topic, one.status) in group
                    compared += 1
    assert compared > 1000


def test_a_participant_of_a_cohort_has_its_sessions_but_what_was_moved_to_before_its_first_day() -> None:
    compared = 0
    for seed in range(60):
        text = random_program(seed)
        program = load(text)
        if any(session.one_of for session in program.sessions):
            continue
        for cohort in program.cohorts:
            for track in cohort.tracks:
                keys = {"id": "p", "cohort": cohort.id, "track": track}
                named = {key: value for key, value in keys.items() if value != "-"}
                mine = oracle.participants(text, json.dumps({"participants": [named]}))["p"]
                theirs = [
                    one
                    for one in oracle.expand(text)
                    if (one.cohort, one.track) == (cohort.id, track)
                    and one.start.astimezone(program.zone).date() >= cohort.starts
                ]
                assert sorted(mine) == sorted(theirs)
                compared += 1
    assert compared > 40


@pytest.mark.parametrize("seed", [5])
def test_a_seed_gives_the_same_roster_whatever_the_machine(seed: int) -> None:
    texts = {rolling(seed) + random_roster(rolling(seed), seed)}
    script = (
        "from tests.rosters import random_rolling_program, random_roster; "
        f"text = random_rolling_program({seed}); print(text + random_roster(text, {seed}), end='')"
    )
    for number in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": number, "TZ": "Asia/Tokyo", "PYTHONUTF8": "1"}
        done = subprocess.run(
            (sys.executable, "-c", script),
            capture_output=True, cwd=ROOT, env=environment, encoding="utf-8", check=True,
        )  # fmt: skip
        texts.add(done.stdout)
    assert len(texts) == 1
