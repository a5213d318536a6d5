"""`iopcal build`: writes the calendars of programs as .ics files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Loaded, Voice, end, load, moment_of, print_json, today_option, voiced, worst
from iopcal.problems import Exit, Problem
from iopcal.words import count_words

if TYPE_CHECKING:
    from iopcal.publish import Draft
    from iopcal.targets.folder import Folder, Outcome
    from iopcal.targets.trouble import Trouble


def publishing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options that `build` and `plan` share."""
    for option in (
        click.argument("programs", nargs=-1, required=True, metavar="PROGRAM..."),
        click.option(
            "-o", "--output", default="calendars", metavar="DIR", help="Where to write [calendars/]."
        ),
        click.option("--flat", is_flag=True, help="Single events only, no repeat rules."),
        click.option("--published", metavar="DIR", help="Where the last published files are, if not in DIR."),
        click.option("--restamp", is_flag=True, help="Mark every event as changed (after a lost output)."),
        click.option("--strict", is_flag=True, help="Warnings make it fail, too."),
    ):
        command = option(command)
    return today_option(command)


@click.command(epilog=EXIT_CODES)
@publishing_options
@click.option("--allow-deletes", type=int, metavar="N", help="Let N sessions go, as a refusal named them.")
@click.option("--adopt", is_flag=True, help="Overwrite files that iopcal did not make.")
@click.option("--wait", type=float, default=0.0, metavar="SECONDS", help="Wait for another run to end.")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change; write nothing.")
@voiced
def build(
    programs: tuple[str, ...],
    output: str,
    flat: bool,
    published: str | None,
    restamp: bool,
    strict: bool,
    today: date | None,
    allow_deletes: int | None,
    adopt: bool,
    wait: float,
    dry_run: bool,
    voice: Voice,
) -> None:
    """Write the calendars of programs as .ics files.

    A staff calendar of the whole program and one calendar a track, in DIR. Files that do not
    change are not touched. A program with problems writes nothing and stops only itself.
    """
    if dry_run:
        from iopcal.cli.plan import show_plans

        show_plans(programs, output, flat, published, restamp, strict, today, False, voice)
    from iopcal.publish import Options
    from iopcal.targets.folder import Folder
    from iopcal.targets.locks import Busy
    from iopcal.targets.trouble import trouble

    loaded = load_all(programs, strict)
    sound = [each for each in loaded if each.sound]
    codes: list[int] = [Exit.PROBLEMS] * (len(loaded) - len(sound))
    if not voice.json:
        for each in loaded:
            voice.tell(each.problems, each.texts)
    options = Options(moment_of(today), flat, restamp, allow_deletes)
    folder = Folder(Path(output))
    results: list[dict[str, object]] = []
    if sound:
        try:
            with folder.lock(now=options.now, wait=wait):
                for each in sound:
                    code, result = _build_one(each, folder, published, options, adopt, voice)
                    codes.append(code)
                    results.append(result)
        except Busy as busy:
            codes.append(_say(voice, (busy.trouble,)))
        except OSError as error:
            codes.append(_say(voice, (trouble(error),)))
    if len(sound) < len(loaded):
        _tell_left_out(loaded, voice)
        if Exit.DONE in codes or Exit.PARTLY in codes:
            codes.append(Exit.PARTLY)
    code = worst(codes)
    if voice.json:
        from iopcal.views.problems import as_json

        problems = [as_json(problem) for each in loaded for problem in each.problems]
        print_json("build", {"exit": code, "programs": results, "problems": problems})
    end(code)


def load_all(programs: Sequence[str], strict: bool) -> list[Loaded]:
    """Reads and checks all programs; two with one id are a problem of both, as are warnings with `strict`."""
    loaded = [load(file) for file in programs]
    owners: dict[str, str] = {}
    found = []
    for each in loaded:
        problems = each.problems
        if strict:
            problems = tuple(problem._replace(severity="error") for problem in problems)
        if each.program is not None:
            other = owners.setdefault(each.program.id, each.file)
            if other is not each.file:
                message = f"the id '{each.program.id}' is also the id of {other}"
                hint = "give every program an id of its own; all its calendars hang on it"
                problems = (*problems, Problem(each.program.id_place, "IOP641", message, hint))
        found.append(each._replace(problems=problems))
    return found


def reader(folder: Folder, published: str | None) -> Callable[[str], bytes | None]:
    """Returns what reads the files published last: those of `published` where the folder has none."""
    from iopcal.targets.folder import Folder

    if published is None:
        return folder.read
    other = Folder(Path(published))

    def read(name: str) -> bytes | None:
        data = folder.read(name)
        return other.read(name) if data is None else data

    return read


def _build_one(
    each: Loaded, folder: Folder, published: str | None, options: Any, adopt: bool, voice: Voice
) -> tuple[int, dict[str, object]]:
    """Publishes one program; returns its exit code and what --json tells of it."""
    from iopcal.publish import drafts, leftovers, recognised, refusals, wanted_files

    assert each.program is not None
    assert each.expansion is not None
    drafted = drafts(each.program, each.expansion, reader(folder, published), options)
    left = leftovers(each.program, folder.manifest.files, folder.read, options.now)
    refused = (*refusals(drafted, left, options), *_lint(drafted))
    if refused:
        return _say(voice, refused), _result(each, drafted, None)
    for draft in drafted:
        if draft.damaged:
            kept = folder.keep_aside(draft.file)
            voice.note(f"{draft.file} could not be read; it is kept as {kept} and written anew")
    gone = [each.file for each in left]
    outcome = folder.replace(wanted_files(drafted), gone, recognised=recognised, adopt=adopt)
    code = _say(voice, outcome.troubles, outcome)
    if not voice.json and not voice.quiet:
        from iopcal.views.summary import summary

        voice.result(summary(each.program, each.expansion))
        voice.result(_written_words(folder, drafted, outcome))
    return code, _result(each, drafted, outcome)


def _lint(drafted: Sequence[Draft]) -> tuple[Trouble, ...]:
    """Reads what is to be written as a stranger would; a finding is never written."""
    changed = [(draft.file, draft.data) for draft in drafted if draft.data is not None and draft.changed]
    if not changed:
        return ()
    from iopcal.lint import lint
    from iopcal.problems import NOWHERE
    from iopcal.targets.trouble import Trouble

    troubles = []
    for file, data in changed:
        errors = [finding for finding in lint(data, as_="feed") if finding.severity == "error"]
        if not errors:
            continue
        if any(finding.code != "B6" for finding in errors):
            raise AssertionError(f"{file}: {errors[0].code} in what was to be written")
        message = f"'{file}' would be {len(data):,} bytes; calendar programs stop reading at 1,000,000"
        hint = "split the program, or shorten notes and names"
        troubles.append(Trouble(Exit.PROBLEMS, Problem(NOWHERE, "IOP642", message, hint)))
    return tuple(troubles)


def _say(voice: Voice, troubles: Sequence[Trouble], outcome: Outcome | None = None) -> int:
    """Tells what went wrong with files and returns the exit code."""
    voice.tell([trouble.problem for trouble in troubles], {})
    if outcome is not None:
        return int(outcome.exit)
    return worst(trouble.exit for trouble in troubles)


def _tell_left_out(loaded: Sequence[Loaded], voice: Voice) -> None:
    left = [each for each in loaded if not each.sound]
    for each in left:
        count = sum(problem.severity == "error" for problem in each.problems)
        voice.note(f"{each.file}: {count_words(count, 'problem')}; nothing of it was written")
    if len(left) < len(loaded):
        voice.note(f"{count_words(len(loaded) - len(left), 'program')} ok, {len(left)} left out")


def _written_words(folder: Folder, drafted: Sequence[Draft], outcome: Outcome) -> str:
    where = folder.path
    total = count_words(len(outcome.written) + outcome.unchanged, "calendar")
    if not outcome.written:
        return f"No changes: {total} in {where}/ as before."
    changed = f"{len(outcome.written)} of " if outcome.unchanged else ""
    words = f"Wrote {changed}{total} in {where}/."
    if any(draft.plan.new and draft.data is not None for draft in drafted):
        words += (
            "\nKeep this folder: if it is ever lost, build once with --restamp, or phones will miss changes."
        )
    return words


def _result(each: Loaded, drafted: Sequence[Draft], outcome: Outcome | None) -> dict[str, object]:
    from iopcal.views.plan import counts

    written = outcome.written if outcome else ()
    return {
        "file": each.file,
        "id": each.program.id if each.program else "",
        "feeds": [
            {"file": draft.file, "written": draft.file in written, **counts(draft.plan)} for draft in drafted
        ],
    }
