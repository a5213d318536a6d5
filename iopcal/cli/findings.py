"""What `iopcal doctor` finds, each in a line: pure judgements of what was looked up elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from iopcal.named_tuple import NamedTuple
from iopcal.problems import Exit, Problem
from iopcal.targets.google.health import State
from iopcal.targets.google.tokens import Token
from iopcal.targets.trouble import Trouble
from iopcal.views.sync import ago
from iopcal.words import count_words

OK, WARN, FAIL, DIFFERS, SKIPPED = "ok", "warn", "fail", "differs", "skipped"
STALE = timedelta(days=1)  # since the last run that was well
_DRIFT, _MOST_DRIFT = timedelta(seconds=60), timedelta(seconds=300)
_TESTING = timedelta(days=8)  # logins of apps in Testing end after 7
_SIGNS = {OK: "ok   ", WARN: "WARN ", FAIL: "FAIL "}


class Finding(NamedTuple):
    """One thing that was looked at: `state` is ok, warn, fail, or of a try at Google differs, skipped.

    `exit` is the exit code that it alone would give.
    """

    state: str
    words: str
    do: str = ""
    code: str = ""
    exit: int = Exit.DONE


def line(finding: Finding) -> str:
    """Returns a finding as a line."""
    do = f": {finding.do}" if finding.do else ""
    code = f"[{finding.code}] " if finding.code and finding.state == FAIL else ""
    sign = _SIGNS.get(finding.state, f"{finding.state}:")
    return f" {sign} {code}{finding.words}{do}"


def as_json(finding: Finding) -> dict[str, str]:
    """Returns a finding as plain values."""
    return {"state": finding.state, "code": finding.code, "words": finding.words, "do": finding.do}


def exit_of(findings: Iterable[Finding]) -> int:
    """Returns 5 where a login or a right is missing, 75 where Google could not be asked, else 1 or 0."""
    codes = {each.exit for each in findings if each.state == FAIL}
    for code in (Exit.CREDENTIALS, Exit.LATER):
        if code in codes:
            return int(code)
    return int(Exit.PROBLEMS if codes else Exit.DONE)


def fail(code: str, words: str, do: str, exit: int = Exit.PROBLEMS) -> Finding:
    """Returns a failure."""
    return Finding(FAIL, words, do, code, int(exit))


def of_trouble(trouble: Trouble) -> Finding:
    """Returns what is wrong with a file or a login."""
    problem = trouble.problem
    return fail(problem.code, problem.message, problem.hint, trouble.exit)


def of_problems(file: str, problems: Iterable[Problem]) -> list[Finding]:
    """Returns each error of a file, and its warnings as a number."""
    problems = tuple(problems)
    found = []
    for problem in problems:
        if problem.severity != "warning":
            place = problem.place
            where = f"{place.file}:{place.line}:{place.column} " if place.line else ""
            found.append(fail(problem.code, f"{where}{problem.message}", problem.hint))
    warnings = sum(problem.severity == "warning" for problem in problems)
    if warnings:
        count = count_words(warnings, "warning")
        found.append(Finding(WARN, f"{file}: {count}", f"iopcal check {file}"))
    return found


def of_versions(
    python: str, own: str, zones: str, packages: Mapping[str, str], needed: Iterable[str]
) -> list[Finding]:
    """Judges versions: `packages` are those installed, '' for none; `needed` are as in `click>=8.1`."""
    found = []
    for requirement in needed:
        match = re.fullmatch(r"([A-Za-z0-9._-]+) *>= *([0-9.]+)", requirement.strip())
        if match is None:
            continue
        name, least = match.groups()
        version = packages.get(name, "")
        if not version or _numbers(version) < _numbers(least):
            words = f"{name} {version or 'is missing'}{f' is older than {least}' if version else ''}"
            found.append(fail("IOP552", words, f"pip install '{name}>={least}'"))
    words = ", ".join(f"{name} {version}" for name, version in packages.items() if version)
    first = Finding(OK, f"iopcal {own}, Python {python}, zone data {zones or 'unknown'}")
    return [first, *(found or [Finding(OK, words)])]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]+", version.partition("+")[0]))


def of_zone_data(computers: str, packaged: str) -> list[Finding]:
    """Judges the computer's zone data beside that of the package; '' stands for none."""
    if not packaged:
        return [fail("IOP552", "the package tzdata is missing", "pip install tzdata")]
    if not computers:
        return [Finding(OK, f"the zone data is that of the package tzdata, {packaged}")]
    if computers < packaged:
        words = f"this computer's zone data {computers} is older than {packaged}"
        return [Finding(WARN, words, "update tzdata, or set PYTHONTZPATH= (empty) to use ours")]
    return [Finding(OK, f"this computer's zone data is {computers}, that of the package {packaged}")]


def of_clock(now: datetime, zones: str, last: datetime | None) -> Finding:
    """Judges this computer's clock by the year of the zone data, and by when something was last well."""
    year = int(zones[:4]) if re.match("[0-9]{4}", zones) else 2026
    shown = f"{now:%Y-%m-%d %H:%M} UTC"
    do = "set the clock of this computer; what lies ahead is decided by it"
    if not year <= now.year < year + 20:
        return fail("IOP553", f"the clock says {shown}, which cannot be", do)
    if last is not None and now < last - STALE:
        words = f"the clock says {shown}, but a run was well at {last:%Y-%m-%d %H:%M} UTC"
        return fail("IOP553", words, do)
    return Finding(OK, f"the clock says {shown}")


def of_server_clock(now: datetime, header: str) -> Finding | None:
    """Judges this computer's clock by the Date of Google's answer (RFC 9110 section 6.6.1); None without."""
    from email.utils import parsedate_to_datetime

    try:
        theirs = parsedate_to_datetime(header)
    except (ValueError, TypeError):
        return None
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    off = now - theirs
    seconds = abs(off.total_seconds())
    words = f"this computer's clock is {seconds:.0f} s {'fast' if off > timedelta() else 'slow'}"
    if abs(off) > _MOST_DRIFT:
        return fail("IOP553", words, "set it; Google refuses the keys of service accounts that sign so")
    if abs(off) > _DRIFT:
        return Finding(WARN, words, "let this computer set its clock by the network")
    return Finding(OK, "the clock agrees with Google's")


def of_variables(names: Iterable[str]) -> list[Finding]:
    """Judges which of iopcal's variables are set here, and would not be in cron."""
    own = sorted(name for name in names if name.startswith("IOPCAL_"))
    if not own:
        return []
    words = f"set here, and not in cron or systemd unless you say so: {', '.join(own)}"
    return [Finding(WARN, words, "unset them, or set them there too")]


def of_age(target: str, states: Iterable[State], now: datetime, local: datetime) -> Finding:
    """Judges when the feeds of a target were last well. `local` is `now` by the computer's own clock."""
    states = tuple(states)
    wells = [_moment(state.well) for state in states]
    if not states or (not any(wells) and not any(state.since for state in states)):
        return Finding(WARN, f"{target}: never synced", "iopcal sync")
    ill = [state for state in states if state.since]
    if ill:
        first = ill[0]
        count = count_words(len(ill), "feed")
        return Finding(
            WARN, f"{target}: {count} not well: {first.why or f'exit code {first.code}'}", first.do
        )
    oldest = min((well for well in wells if well is not None), default=None)
    if oldest is None:
        return Finding(WARN, f"{target}: never synced", "iopcal sync")
    when = ago(oldest.astimezone(local.tzinfo), local)
    if now - oldest > STALE:
        return Finding(WARN, f"{target}: last ok {when}", "does it run by itself? iopcal cron prints how")
    return Finding(OK, f"{target}: last ok {when}")


def last_well(states: Iterable[State]) -> datetime | None:
    """Returns the latest moment at which a feed was well, None where none ever was."""
    return max((well for state in states if (well := _moment(state.well)) is not None), default=None)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def of_login(name: str, token: Token | None) -> list[Finding]:
    """Judges a login that works: what it may do, and whether it ends by itself."""
    if token is None:
        return [Finding(OK, f"{name}: signed in")]
    scopes = ", ".join(scope.rpartition("/")[2] for scope in token.scopes or ()) or "not told"
    found = [Finding(OK, f"{name}: signed in; scopes granted: {scopes}")]
    if token.login is not None:
        days = timedelta(seconds=token.login)
        shown = count_words(days.days, "day") if days.days else f"{days.seconds // 3600} h"
        if days <= _TESTING:
            words = f"the login '{name}' ends in {shown}, as of a Google app in 'Testing': every 7 days"
            do = "publish the app in the Google Cloud console, or use a service account"
            found.append(fail("IOP502", words, do, Exit.CREDENTIALS))
        else:
            words = f"the login '{name}' ends in {shown}, as access was allowed for a time only"
            found.append(Finding(WARN, words, f"iopcal login {name}, before that"))
    return found
