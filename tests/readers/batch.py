"""Many files through one reader: it is a program of its own, so nothing it does can leak into ours.

Every reader is started as `COMMAND FROM TO`, takes one file name a line on stdin and answers one line of
JSON a file, in the same order: `{"occurrences": [[START, END, STATUS, SUMMARY], ...]}` or `{"error": TEXT}`.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

from tests.readers.occurrence import Occurrence, occurrence

ROOT = Path(__file__).parents[2]
ALONE = 300  # up to so many files, starting a second process costs more than it saves


class Unreadable(AssertionError):
    """A reader refused a file, warned about it, or died."""


def read_files(
    command: Sequence[str], files: Sequence[Path], first: date, last: date
) -> list[list[Occurrence]]:
    """Returns the sorted occurrences that start on UTC days from `first` to before `last`, a list a file.

    Raises Unreadable with the first 20 complaints when the reader objects to any file.
    """
    workers = 1 if len(files) <= ALONE else os.cpu_count() or 1
    shares = [files[n::workers] for n in range(workers)]
    arguments = [*command, first.isoformat(), last.isoformat()]
    answers: list[dict[str, Any]] = [{}] * len(files)
    with ThreadPoolExecutor(workers) as threads:
        for n, share in enumerate(threads.map(lambda share: ask(arguments, share), shares)):
            answers[n::workers] = share
    complaints = [
        f"{file}: {answer['error']}" for file, answer in zip(files, answers, strict=True) if "error" in answer
    ]
    if complaints:
        raise Unreadable(f"{len(complaints)} of {len(files)} files\n" + "\n".join(complaints[:20]))
    return [sorted(map(occurrence, answer["occurrences"])) for answer in answers]


def ask(arguments: Sequence[str], files: Sequence[Path]) -> list[dict[str, Any]]:
    """Runs one reader over the files; Unreadable when it dies or warns without naming a file."""
    done = subprocess.run(
        arguments,
        input="".join(f"{file.resolve()}\n" for file in files),
        capture_output=True,
        cwd=ROOT,
        encoding="utf-8",
        check=False,
    )
    answers = [json.loads(answer) for answer in done.stdout.split("\n")[:-1]]
    unexplained = done.stderr and not any("error" in answer for answer in answers)
    if done.returncode or unexplained or len(answers) != len(files):
        words = f"exit {done.returncode}, {len(answers)} answers to {len(files)} files"
        raise Unreadable(f"{' '.join(arguments)}: {words}\n{done.stderr}")
    return answers
