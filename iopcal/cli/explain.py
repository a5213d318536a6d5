"""`iopcal explain`: one page about a problem's code."""

from __future__ import annotations

from importlib.resources import files

import click

from iopcal.cli import EXIT_CODES
from iopcal.cli.common import Voice, end, print_json, say, voiced
from iopcal.problems import Exit, nearest


@click.command(epilog=EXIT_CODES)
@click.argument("code")
@voiced
def explain(code: str, voice: Voice) -> None:
    """Explain a problem's code: what it means, why it matters, a wrong and a right file."""
    pages = files("iopcal.explanations")
    known = sorted(page.name.removesuffix(".md") for page in pages.iterdir() if page.name.endswith(".md"))
    wanted = code.upper() if code.upper().startswith("IOP") else f"IOP{code}"
    if wanted not in known:
        meant = nearest(wanted, known)
        raise click.UsageError(f"there is no code '{code}'" + (f"; did you mean {meant}?" if meant else ""))
    page = (pages / f"{wanted}.md").read_text(encoding="utf-8")
    if voice.json:
        print_json("explanation", {"code": wanted, "text": page})
    else:
        say(page, nl=False)
    end(Exit.DONE)
