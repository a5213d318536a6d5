"""Finished calendars read as a stranger would, before they are published."""

from __future__ import annotations

from collections.abc import Iterable

from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.publish import SMALLER, Draft
from iopcal.targets.trouble import Trouble


def scrutiny(drafted: Iterable[Draft]) -> tuple[Trouble, ...]:
    """Returns what the lint finds in drafts that would be written; with an error nothing is written.

    Raises AssertionError for a finding that is a mistake of ours.
    """
    changed = [draft for draft in drafted if draft.changed and not draft.tells]
    if not changed:
        return ()
    from iopcal.lint import lint

    troubles = []
    for draft in changed:
        kind = "file" if draft.publication.calendar.file else "feed"
        for finding in lint(draft.data or b"", as_=kind):
            if finding.code != "B6":
                raise AssertionError(f"{draft.file}: {finding.code} in what was to be written")
            words = f"'{draft.file}': {finding.text}"
            problem = Problem(NOWHERE, "IOP642", words, SMALLER, finding.severity)
            troubles.append(Trouble(Exit.PROBLEMS if finding.severity == "error" else Exit.DONE, problem))
    return tuple(troubles)
