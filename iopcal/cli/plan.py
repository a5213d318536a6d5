"""`iopcal plan`: shows what build or sync would change in the published calendars."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Loaded, Voice, end, print_json, voiced, worst
from iopcal.cli.folders import ALONE, Crowd, Read, people_of, sketch
from iopcal.cli.publishing import Publishing, load_all, optional_publishing
from iopcal.cli.syncing import is_sync_file
from iopcal.problems import Exit
from iopcal.words import count_words

if TYPE_CHECKING:
    from iopcal.publish import Options
    from iopcal.targets.folder import Folder

_OF_PROGRAMS = ("output", "flat", "published", "restamp", "strict")


@click.command(epilog=EXIT_CODES)
@optional_publishing
@click.option("--only", multiple=True, metavar="FEED", help="Of a sync file, this feed alone; may repeat.")
@click.option(
    "--check",
    is_flag=True,
    help="Exit with 7 when there are changes, 6 when only people changed something, 4 when they would be "
    "refused.",
)
@voiced
def plan(asked: Publishing, only: tuple[str, ...], check: bool, voice: Voice) -> None:
    """Show what would change in the published calendars; write nothing.

    Of programs, what build would change. Of a sync file, or without a name of sync.yaml, what sync would
    change in all Google calendars and folders.
    """
    if asked.programs and not any(is_sync_file(file) for file in asked.programs):
        if only:
            raise click.UsageError("--only chooses among the feeds of a sync file")
        show_plans(asked, check, voice)
    if len(asked.programs) > 1:
        raise click.UsageError("name one sync file, or programs, but not both")
    context = click.get_current_context()
    for name in _OF_PROGRAMS:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name} is for programs; a sync file says itself where its feeds go")
    from iopcal.cli.session import Choices
    from iopcal.cli.sync_plan import show_sync_plan

    choices = Choices(next(iter(asked.programs), None), only)
    show_sync_plan(choices, voice, check=check, today=asked.today)


def show_plans(asked: Publishing, check: bool, voice: Voice) -> None:
    """Prints the plan of every sound program and ends the command."""
    from iopcal.targets.folder import Folder
    from iopcal.views.problems import as_json

    options = asked.options()
    folder = Folder(Path(asked.output))
    read = asked.reader(folder)
    crowd = Crowd(Path(asked.published) if asked.published else None, strict=asked.strict)
    codes: list[int] = []
    results: list[dict[str, object]] = []
    for each in load_all(asked):
        voice.tell(each.problems, each.texts)
        code, found = tell_sketch(each, folder, read, options, voice, crowd=crowd)
        codes.append(code if check or code == Exit.PROBLEMS or found is None else Exit.DONE)
        results += [found] if found else []
    code = worst(codes)
    if voice.json:
        problems = [as_json(problem) for problem in voice.told]
        print_json("plan", {"exit": code, "programs": results, "problems": problems})
    end(code)


def tell_sketch(
    each: Loaded,
    folder: Folder,
    read: Read,
    options: Options,
    voice: Voice,
    keys: Container[str] | None = None,
    where: str = "",
    crowd: Crowd = ALONE,
) -> tuple[int, dict[str, object] | None]:
    """Prints what would change of one program in a folder; returns the code of --check, and it as values.

    `where` names the folder among several. There are no values of a program that cannot be published.
    """
    from iopcal.targets.trouble import trouble
    from iopcal.views import plan as view

    if not each.sound or each.program is None:
        return Exit.PROBLEMS, None
    people = outcome = None
    try:
        people = people_of(each, folder, options, crowd)
        if people is not None:
            people.prepare(writes=False)
            voice.tell(people.problems, each.texts)
            faults = [fault for fault in people.objections if fault.problem not in people.problems]
            voice.tell([fault.problem for fault in faults], {})
            if any(fault.exit for fault in people.objections):
                return worst(fault.exit for fault in people.objections), None
        found = sketch(each, folder, read, options, keys, people.sessions if people else None)
        outcome = people.compare() if people else None
    except OSError as error:
        fault = trouble(error, "read")
        voice.tell([fault.problem], {})
        return fault.exit, None
    finally:
        if people is not None:
            people.close()
    if found.unfit:
        voice.tell([fault.problem for fault in found.unfit], {})
        return Exit.PROBLEMS, None
    plans = [draft.plan for draft in found.drafted if draft.data is not None]
    rewritten = sum(draft.changed for draft in found.drafted)
    personal = None
    if outcome is not None:
        personal = view.Personal(outcome.plans, outcome.written, outcome.new, outcome.removed)
    name = f"{where}{each.program.id}"
    words = view.text(name, plans, options.now, rewritten, voice.verbose, personal)
    voice.result(words.rstrip())
    for gone in found.left:
        voice.result(f"  - {gone.file} goes, with {count_words(gone.ahead, 'session')} ahead")
    refused = (*found.refused, *(outcome.troubles if outcome else ()))
    voice.tell([refusal.problem for refusal in refused], {})
    if codes := [fault.exit for fault in refused if fault.exit not in (Exit.DONE, Exit.REFUSED)]:
        return worst(codes), None
    changed = found.changed or (outcome is not None and (outcome.written or outcome.removed))
    refuses = any(refusal.exit == Exit.REFUSED for refusal in refused)
    code = Exit.REFUSED if refuses else Exit.CHANGES if changed else Exit.DONE
    plans += outcome.plans if outcome else ()
    values: dict[str, object] = {"id": each.program.id, "feeds": [view.as_json(planned) for planned in plans]}
    if outcome is not None:
        kept = outcome.unchanged
        values["personal"] = {"written": outcome.written, "removed": outcome.removed, "kept": kept}
    return code, values
