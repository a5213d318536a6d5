"""What went wrong with a file or folder, as one line for the user and an exit code for cron."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable

from iopcal.named_tuple import NamedTuple
from iopcal.problems import NOWHERE, Exit, Problem
from iopcal.targets.feed_token import mark


class Trouble(NamedTuple):
    """One thing that did not go as wished, and the exit code it alone would give."""

    exit: Exit
    problem: Problem


_ROOM = "make room on the disk and run again; what was published before is still there"
_AGAIN = "run again in a few minutes; what was published before is still there"
_RIGHTS = "let the owner of the folder give this account the right to write there, or use another folder"
_PLACE = "move it away or rename it, or use another folder with --output"

# The address of a personal calendar in its path, which is as good as a password.
_ADDRESS = re.compile(r"(?<=feeds[/\\])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")

# POSIX names, as not every system has every number.
_CAUSES: dict[str, tuple[str, Exit, str, str]] = {
    "ENOSPC": ("IOP620", Exit.LATER, "the disk is full", _ROOM),
    "EDQUOT": ("IOP620", Exit.LATER, "this account may store no more on the disk", _ROOM),
    "EIO": ("IOP621", Exit.LATER, "the disk reports an error", _AGAIN),
    "EMFILE": ("IOP621", Exit.LATER, "too many files are open", _AGAIN),
    "ENFILE": ("IOP621", Exit.LATER, "too many files are open", _AGAIN),
    "ENOMEM": ("IOP621", Exit.LATER, "the computer is out of memory", _AGAIN),
    "EINTR": ("IOP621", Exit.LATER, "the work was interrupted", _AGAIN),
    "EAGAIN": ("IOP621", Exit.LATER, "it is in use", _AGAIN),
    "EBUSY": ("IOP621", Exit.LATER, "it is in use", _AGAIN),
    "ETXTBSY": ("IOP621", Exit.LATER, "it is in use", _AGAIN),
    "ESTALE": ("IOP621", Exit.LATER, "the network disk has lost it", _AGAIN),
    "ETIMEDOUT": ("IOP621", Exit.LATER, "the network disk does not answer", _AGAIN),
    "EACCES": ("IOP622", Exit.PROBLEMS, "this account has no right to do so", _RIGHTS),
    "EPERM": ("IOP622", Exit.PROBLEMS, "the system does not allow it", _RIGHTS),
    "EROFS": (
        "IOP623",
        Exit.PROBLEMS,
        "the disk can only be read",
        "use a folder on another disk with --output",
    ),
    "ENOENT": ("IOP624", Exit.PROBLEMS, "the folder it belongs in does not exist", "make that folder first"),
    "ENOTDIR": ("IOP625", Exit.PROBLEMS, "a file is in the place of the folder", _PLACE),
    "EISDIR": ("IOP625", Exit.PROBLEMS, "a folder is in its place", _PLACE),
    "ENXIO": ("IOP625", Exit.PROBLEMS, "something that is no ordinary file is in its place", _PLACE),
    "ELOOP": ("IOP626", Exit.PROBLEMS, "it is a link to another place", "put a real file or folder there"),
    "EMLINK": ("IOP626", Exit.PROBLEMS, "it is a link to another place", "put a real file or folder there"),
    "ENAMETOOLONG": ("IOP627", Exit.PROBLEMS, "its name is too long for the disk", "use shorter ids"),
    "EILSEQ": ("IOP627", Exit.PROBLEMS, "the disk does not take this name", "use plain letters in the ids"),
}


def trouble(error: OSError, verb: str = "written") -> Trouble:
    """Turns an error of the system into one line with path and cause; `verb` is what could not be done to it.

    Full disks and passing faults say "try later"; what a human has to change says "problems". An address in
    the path is told by the six digits that `feed list` shows.
    """
    name = errno.errorcode.get(error.errno or 0, "")
    other = ("IOP628", Exit.PROBLEMS, (error.strerror or type(error).__name__).lower(), "")
    code, exit, cause, hint = _CAUSES.get(name, other)
    path = _ADDRESS.sub(lambda found: f"({mark(found[0])})", str(error.filename or ""))
    return Trouble(exit, Problem(NOWHERE, code, f"'{path}' could not be {verb}: {cause}", hint))


def not_ours(path: str) -> Trouble:
    """The refusal to write over a file that somebody else made."""
    message = f"'{path}' was not made by iopcal, so it is not overwritten"
    hint = "move it away, or give --adopt to let iopcal take it over"
    return Trouble(Exit.REFUSED, Problem(NOWHERE, "IOP630", message, hint, "refused"))


def busy(path: str, holder: str, wait: float) -> Trouble:
    """The answer to a second run at the same time; `holder` is '' when it is not known, `wait` in seconds."""
    message = f"'{path}' is in use by another run of iopcal" + (f" ({holder})" if holder else "")
    hint = f"waited {wait:g} s; run again later" if wait else "run again later, or wait for it with --wait 60"
    return Trouble(Exit.LATER, Problem(NOWHERE, "IOP631", message, hint))


def manifest_lost(path: str, kept: str) -> Trouble:
    """The note that the list of our own files was damaged and starts anew."""
    message = f"'{path}' is damaged, so the list of files made by iopcal starts anew"
    hint = f"the damaged one is kept as '{kept}'; files no longer wanted must be deleted by hand this once"
    return Trouble(Exit.DONE, Problem(NOWHERE, "IOP632", message, hint, "warning"))


def left_alone(path: str) -> Trouble:
    """The note that a file of ours was changed by somebody, so it is theirs now."""
    message = f"'{path}' is no longer wanted but was changed by hand, so it was not removed"
    return Trouble(
        Exit.LEFT_ALONE, Problem(NOWHERE, "IOP633", message, "delete it if nobody needs it", "warning")
    )


def exit_code(troubles: Iterable[Trouble], *, done: bool) -> Exit:
    """The exit code of one folder; `done`: something was written or removed there before."""
    codes = {trouble.exit for trouble in troubles}
    if done and codes & {Exit.PROBLEMS, Exit.REFUSED, Exit.LATER}:
        return Exit.PARTLY
    for code in (Exit.PROBLEMS, Exit.REFUSED, Exit.LATER, Exit.LEFT_ALONE):
        if code in codes:
            return code
    return Exit.DONE
