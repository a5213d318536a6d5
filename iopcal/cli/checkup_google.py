"""Asks Google, for `iopcal doctor google`: logins, rights on each calendar, the clock, what is in doubt."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from secrets import token_bytes
from typing import TYPE_CHECKING

from iopcal.cli import findings
from iopcal.cli.findings import DIFFERS, OK, SKIPPED, Finding
from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit
from iopcal.sync import halted
from iopcal.targets.google.api import UNREACHED, Answer, Denied
from iopcal.targets.google.keeper import SPENT, is_passing
from iopcal.targets.trouble import Trouble
from iopcal.words import day_words

if TYPE_CHECKING:
    from iopcal.cli.accounts import Means
    from iopcal.cli.checkup import Site
    from iopcal.jobs import Job
    from iopcal.targets.google.connection import Http
    from iopcal.targets.google.pace import Pace
    from iopcal.targets.google.tokens import Token
    from iopcal.targets.google.wire import Wire

_WRITERS = ("writer", "owner")
_REPEATS = 2
_MOST_PAGES = 1000
_RANDOM = 17  # bytes of the name of the scratch event


class _Login(NamedTuple):
    """A login that Google has taken."""

    wire: Wire
    pace: Pace
    token: Token | None


class Questions:
    """Asks Google, one login and one calendar after the other; one that is refused is asked no more."""

    def __init__(self, site: Site, means: Means) -> None:
        self._site, self._means = site, means
        self._refused: set[str] = set()  # names of credentials
        self._tried = False

    def ask(self, jobs: Sequence[Job]) -> Iterator[Finding]:
        """Yields what Google answers about some calendars; one of them gets a scratch event for a moment."""
        for name in dict.fromkeys(job.errand.target.credentials for job in jobs):
            client = self._client()
            try:
                login = self._sign_in(name, client)
                if isinstance(login, Finding):
                    yield login
                else:
                    yield from findings.of_login(name, login.token)
                    yield from self._calendars(login, name, jobs)
            finally:
                client.close()
        if not self._tried:
            yield Finding(SKIPPED, "the tries with a scratch event: no calendar can be written")

    def _client(self) -> Http:
        from iopcal.targets.google.connection import http

        return http(proxies=not self._means.root.test)

    def _calendars(self, login: _Login, name: str, jobs: Iterable[Job]) -> Iterator[Finding]:
        """Yields what becomes of each calendar of a login, and once what the clock of Google says."""
        clock = ""
        for job in (each for each in jobs if each.errand.target.credentials == name):
            if name in self._refused:
                return
            finding = self._rights(job, login)
            yield finding
            if login.wire.date and not clock:
                clock = login.wire.date
                agrees = findings.of_server_clock(self._means.now(), clock)
                yield from [agrees] if agrees else []
            if finding.state == OK and job.calendar != "primary" and not self._tried:
                self._tried = True
                yield from self._try_out(job, login)

    def _sign_in(self, name: str, client: Http) -> _Login | Finding:
        from iopcal.targets.google.credentials import Account, account, scopes_of
        from iopcal.targets.google.pace import Pace
        from iopcal.targets.google.tokens import World
        from iopcal.targets.google.wire import Wire

        means, sync = self._means, self._site.sync
        credentials = next(each for each in sync.credentials if each.name == name)
        world = World(means.root, client, means.now, means.environment)
        bearer = account(credentials, scopes_of(sync, name), Path(sync.state), world)
        if isinstance(bearer, Trouble):
            return findings.of_trouble(bearer)
        try:
            got = bearer.renew() if isinstance(bearer, Account) else ""
        except Denied as denial:
            return self._denied(name, denial.reason)
        if isinstance(got, Answer):
            words = f"{name}: Google's sign-in server could not be asked"
            return findings.fail("IOP509", words, "run it again in a few minutes", Exit.LATER)
        pace = Pace(means.clock, means.sleep, means.chance, sync.longest, means.root.wait_scale)
        token = bearer.held if isinstance(bearer, Account) else None
        return _Login(Wire(bearer, means.root, world.http), pace, token)

    def _denied(self, name: str, reason: str) -> Finding:
        from iopcal.targets.google.credentials import denied

        self._refused.add(name)
        credentials = next(each for each in self._site.sync.credentials if each.name == name)
        return findings.of_trouble(denied(credentials, reason, self._site.file))

    def _rights(self, job: Job, login: _Login) -> Finding:
        """Reads a calendar to its end and says whether it can be written."""
        if not job.calendar:
            return Finding(SKIPPED, f"{job.feed}: its calendar is still to be made")
        page = role = ""
        try:
            for _ in range(_MOST_PAGES):
                answer = self._asked(partial(login.wire.events, job.calendar, page=page), login.pace)
                if not answer.ok:
                    return self._why(job, answer)
                role = str(answer.body.get("accessRole") or "not told")
                page = str(answer.body.get("nextPageToken") or "")
                if not page:
                    break
        except Denied as denial:
            return self._denied(job.errand.target.credentials, denial.reason)
        if role in (*_WRITERS, "not told"):
            return Finding(OK, f"{job.feed} can be written (role: {role})")
        return findings.of_trouble(halted(job.errand, "reader"))

    def _asked(self, request: Callable[[], Answer], pace: Pace) -> Answer:
        for repeat in range(_REPEATS + 1):
            answer = request()
            if not is_passing(answer) or repeat == _REPEATS or not pace.wait(repeat, answer.retry_after):
                break
        return answer

    def _why(self, job: Job, answer: Answer) -> Finding:
        """Says why a calendar cannot be read."""
        if answer.reason in SPENT:
            self._refused.add(job.errand.target.credentials)
            return findings.of_trouble(halted(job.errand, "quota"))
        if is_passing(answer):
            why = "network" if answer.status == UNREACHED else "busy"
        else:
            why = "gone" if answer.status == 404 else "forbidden"
        return findings.of_trouble(halted(job.errand, why))

    def _try_out(self, job: Job, login: _Login) -> Iterator[Finding]:
        from iopcal.targets.google.trial import try_out

        trial = try_out(login.wire, job.calendar, login.pace, self._means.now(), token_bytes(_RANDOM))
        for tried in trial.tried:
            state = {"ok": OK, "differs": DIFFERS}.get(tried.verdict, SKIPPED)
            yield Finding(state, f"{tried.doubt}: {tried.words}")
        if trial.denied:
            yield self._denied(job.errand.target.credentials, trial.denied)
        if trial.left:
            words = f"{job.feed}: the event 'Test' on {day_words(trial.day)} may still be in the calendar"
            yield findings.fail("IOP555", words, "delete it there by hand, or run this again")


def questions(site: Site) -> Questions:
    """Returns what asks Google for a sync file."""
    from iopcal.cli.login import google_root
    from iopcal.cli.session import means_of

    return Questions(site, means_of(google_root(os.environ), lambda writes, answers: None))
