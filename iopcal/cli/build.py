"""`iopcal build`: writes the calendars of programs as .ics files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Loaded, Voice, end, print_json, voiced, worst
from iopcal.cli.folders import fill, left_out_words
from iopcal.cli.publishing import Publishing, load_all, publishing
from iopcal.problems import Exit
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
    for words in left_out_words(loaded):
        voice.note(words)
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
    filled = fill(each, folder, asked.reader(folder), options, adopt=adopt)
    code = _say(voice, filled.objections)
    outcome = filled.outcome
    if outcome is None:
        return code, _result(each, filled.drafted, None, voice)
    for file, kept in filled.kept:
        voice.note(f"{file} could not be read; it is kept as {kept} and written anew")
    code = _say(voice, outcome.troubles, outcome)
    if not voice.json and not voice.quiet and each.program and each.expansion:
        from iopcal.views.summary import summary

        voice.result(summary(each.program, each.expansion))
        voice.result(_written_words(folder, filled.drafted, outcome))
        _tell_renamed(filled.drafted, voice)
    return code, _result(each, filled.drafted, outcome, voice)


def _say(voice: Voice, troubles: Sequence[Trouble], outcome: Outcome | None = None) -> int:
    """Tells what went wrong with files and returns the exit code."""
    voice.tell([trouble.problem for trouble in troubles], {})
    if outcome is not None:
        return int(outcome.exit)
    return worst(trouble.exit for trouble in troubles)


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
