"""`iopcal check`: says what is wrong in program files, and in sync files with all their programs."""

from __future__ import annotations

import click

from iopcal import __version__
from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, print_json, say, voiced
from iopcal.cli.participants import with_everybody
from iopcal.cli.syncing import load_all
from iopcal.problems import Exit, has_errors


@click.command(epilog=EXIT_CODES)
@click.argument("programs", nargs=-1, required=True, metavar="PROGRAM...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["full", "concise", "json", "github", "sarif"]),
    default="full",
    help="How problems are printed.",
)
@click.option("--strict", is_flag=True, help="Warnings make it fail, too.")
@voiced
def check(programs: tuple[str, ...], form: str, strict: bool, voice: Voice) -> None:
    """Say what is wrong in program files, or in a sync file and all its programs; write nothing."""
    from iopcal.views import problems as view

    loaded = [with_everybody(each) for each in load_all(programs)]
    problems = sorted(problem for each in loaded for problem in each.problems)
    texts = {name: text for each in loaded for name, text in each.texts.items()}
    failed = has_errors(problems) or (strict and bool(problems))
    if voice.quiet and not failed:
        end(Exit.DONE)
    if voice.json or form == "json":
        print_json("problems", {"problems": [view.as_json(problem) for problem in problems]})
    elif form == "sarif":
        import json

        say(json.dumps(view.sarif(problems, __version__), indent=2))
    else:
        for problem in problems:
            if form == "full":
                voice.paint(view.full(problem, texts), problem.severity)
            else:
                say(view.github(problem) if form == "github" else view.concise(problem))
        if problems and form == "full":
            more = f"iopcal explain {problems[0].code}"
            say(f"{view.tally(problems)}; nothing was written.      More about one:  {more}")
        elif not problems:
            from iopcal.words import count_words

            noun = "program" if all(each.program for each in loaded) else "file"
            voice.note(f"{count_words(len(loaded), noun)} checked: all is well.")
    end(Exit.PROBLEMS if failed else Exit.DONE)
