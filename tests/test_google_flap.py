"""Taking back what comes again and again stops, and says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from iopcal.sync import carry_out
from tests.fake_google import FakeGoogle
from tests.keeping import Keeping

PROGRAM = """\
program: Small IOP
id: small
timezone: America/Chicago
starts: {starts}
day_starts: 17:30
sessions:
  - {{name: Process group, minutes: 60}}
phases:
  - {{name: Intensive, weeks: 8, days: [mon]}}
"""


@pytest.fixture(params=["2027-02-15", "2027-02-01"], ids=["nothing held", "some held"])
def keeping(request: pytest.FixtureRequest) -> Iterator[Keeping]:
    with FakeGoogle(auth="off") as fake:
        kept = Keeping(fake, PROGRAM.format(starts=request.param))
        assert kept.run().exit == 0
        yield kept
        assert fake.violations == []


def edit(keeping: Keeping, location: str) -> None:
    newest = max(keeping.rows())
    keeping.fake.people.edit(keeping.calendar, newest, location=location)


def test_the_same_edit_after_a_take_back_is_not_taken_back_again_at_once(keeping):
    edit(keeping, "Elsewhere")
    assert keeping.run(take_back=None).exit == 0
    edit(keeping, "Elsewhere")
    writes = len(keeping.fake.writes)
    prepared = keeping.prepared(take_back=None)
    assert "IOP528" in [problem.code for problem in prepared.remarks]
    result = carry_out(prepared)
    assert (result.exit, len(keeping.fake.writes)) == (6, writes)


def test_another_edit_is_taken_back(keeping):
    edit(keeping, "Elsewhere")
    assert keeping.run(take_back=None).exit == 0
    edit(keeping, "Somewhere")
    prepared = keeping.prepared(take_back=None)
    assert "IOP528" not in [problem.code for problem in prepared.remarks]


def test_asked_once_more_it_is_taken_back(keeping):
    for _ in range(2):
        edit(keeping, "Elsewhere")
        keeping.run(take_back=None)
    assert keeping.run(take_back=None).exit == 0
    assert all("location" not in row for row in keeping.rows().values() if row["id"] == max(keeping.rows()))
