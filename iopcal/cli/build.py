"""`iopcal build`: writes the calendars of programs as .ics files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Loaded, Voice, end, print_json, voiced, worst
from iopcal.cli.publishing import Publishing, load_all, publishing
from iopcal.problems import Exit, Problem
from iopcal.words import count_words

if TYPE_CHECKING:
    from iopcal.publish import Draft, Options
    from iopcal.targets.folder import Folder, Outcome
    from iopcal.targets.trouble import Trouble


@click.command(epilog=EXIT_CODES)
@publishing
@click.option("--allow-deletes", type=int, metavar="N", help="Let N sessions go, as a refusal named them.")
@click.option("--adopt", is_flag=True, help="Overwrite files that iopcal did not make.")
@click.option("--wait", type=float, default=0.0, metavar="SECONDS", help="Wait for another run to end.")
@click.option("-n", "--dry-run", is_flag=True, help="Show what would change; write nothing.")
@voiced
def build(
    asked: Publishing, allow_deletes: int | None, adopt: bool, wait: float, dry_run: bool, voice: Voice
) -> None:
    """Write the calendars of programs as .ics files.

    A staff calendar of the whole program and one calendar a track, in DIR. Files that do not
    change are not touched. A program with problems writes nothing and stops only itself.
    """
    if dry_run:
        from iopcal.cli.plan import show_plans

        show_plans(asked, False, voice)
    from iopcal.targets.folder import Folder
    from iopcal.targets.locks import Busy
    from iopcal.targets.trouble import trouble

    loaded = load_all(asked)
    sound = [each for each in loaded if each.sound]
    codes: list[int] = [Exit.PROBLEMS] * (len(loaded) - len(sound))
    for each in loaded:
        voice.tell(each.problems, each.texts)
    options = asked.options(allow_deletes)
    folder = Folder(Path(asked.output))
    results: list[dict[str, object]] = []
    if sound:
        try:
            with folder.lock(now=options.now, wait=wait):
                for each in sound:
                    code, result = _build_one(each, asked, folder, options, adopt, voice)
                    codes.append(code)
                    results.append(result)
        except Busy as busy:
            codes.append(_say(voice, (busy.trouble,)))
        except OSError as error:
            codes.append(_say(voice, (trouble(error),)))
    if len(sound) < len(loaded):
        _tell_left_out(loaded, voice)
    if {Exit.DONE, Exit.LEFT_ALONE} & set(codes) and {Exit.PROBLEMS, Exit.LATER} & set(codes):
        codes.append(Exit.PARTLY)
    code = worst(codes)
    if voice.json:
        from iopcal.views.problems import as_json

        problems = [as_json(problem) for problem in voice.told]
        print_json("build", {"exit": code, "programs": results, "problems": problems})
    end(code)


def _build_one(
    each: Loaded, asked: Publishing, folder: Folder, options: Options, adopt: bool, voice: Voice
) -> tuple[int, dict[str, object]]:
    """Publishes one program; returns its exit code and what --json tells of it."""
    from iopcal.publish import drafts, leftovers, recognised, refusals, too_large, wanted_files

    assert each.program is not None
    assert each.expansion is not None
    drafted = drafts(each.program, each.expansion, asked.reader(folder), options, folder.manifest.files)
    left = leftovers(each.program, folder.manifest.files, folder.read, options.now)
    objections = (*refusals(drafted, left, options), *too_large(drafted), *_lint(drafted))
    code = _say(voice, objections)
    if code:
        return code, _result(each, drafted, None, voice)
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
        _tell_renamed(drafted, voice)
    return code, _result(each, drafted, outcome, voice)


def _lint(drafted: Sequence[Draft]) -> tuple[Trouble, ...]:
    """Reads what is to be written as a stranger would; a finding is never written."""
    changed = [(draft.file, draft.data) for draft in drafted if draft.data is not None and draft.changed]
    if not changed:
        return ()
    from iopcal.lint import lint
    from iopcal.problems import NOWHERE
    from iopcal.publish import SMALLER
    from iopcal.targets.trouble import Trouble

    troubles = []
    for file, data in changed:
        for finding in lint(data, as_="feed"):
            if finding.code != "B6":
                raise AssertionError(f"{file}: {finding.code} in what was to be written")
            words = f"'{file}': {finding.text}"
            problem = Problem(NOWHERE, "IOP642", words, SMALLER, finding.severity)
            troubles.append(Trouble(Exit.PROBLEMS if finding.severity == "error" else Exit.DONE, problem))
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
    if any(draft.new and draft.data is not None for draft in drafted):
        words += (
            "\nKeep this folder: if it is ever lost, build once with --restamp, or phones will miss changes."
        )
    return words


def _tell_renamed(drafted: Sequence[Draft], voice: Voice) -> None:
    plans = [draft.plan for draft in drafted if draft.changed and not draft.new]
    if plans:
        from iopcal.views.plan import renamed

        for line in renamed(plans):
            voice.note(line)


def _result(
    each: Loaded, drafted: Sequence[Draft], outcome: Outcome | None, voice: Voice
) -> dict[str, object]:
    """Returns what --json tells of one program; nothing without it."""
    if not voice.json:
        return {}
    from iopcal.views.plan import counts

    written = outcome.written if outcome else ()
    return {
        "file": each.file,
        "id": each.program.id if each.program else "",
        "feeds": [
            {"file": draft.file, "written": draft.file in written, **counts(draft.plan)} for draft in drafted
        ],
    }
