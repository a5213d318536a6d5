"""What every test shares: no network, and the foreign readers with their count at the end."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.readers import READERS, ReadFiles
from tests.rings import leave_out


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--require-readers`, for machines that must have every reader."""
    parser.addoption(
        "--require-readers",
        action="store_true",
        help="fail, rather than skip, where a foreign iCalendar reader is not installed",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Says which rings of tests need not be collected, and lets all processes keep what they compile.

    Tests start hundreds of them, some of which would take most of their time to compile the package anew.
    """
    leave_out(config.getoption("markexpr"))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts first what forks this process a thousand times: that is cheap as long as it is small."""
    items.sort(key=lambda item: item.get_closest_marker("forks") is None)


def pytest_collection_finish() -> None:
    """Takes all that was collected out of the search for cycles, and lets that be made less often."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def is_loopback(address: Any) -> bool:
    """Says whether a socket address stays on this machine."""
    if not isinstance(address, tuple):
        return True  # a path: a Unix socket
    host = str(address[0])
    if host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


class NetworkIsOff(RuntimeError):
    """A test reached for the network."""


@pytest.fixture(autouse=True, scope="session")
def network_off() -> Iterator[None]:
    """Refuses every connection, datagram and name look-up that leaves this machine."""

    def guarded(call: Callable[..., Any], position: int) -> Callable[..., Any]:
        def checked(*arguments: Any, **options: Any) -> Any:
            if not is_loopback(arguments[position]):
                raise NetworkIsOff(f"tests may only reach this machine, not {arguments[position]!r}")
            return call(*arguments, **options)

        return checked

    look_up = socket.getaddrinfo

    def local_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        if not is_loopback((host.decode() if isinstance(host, bytes) else host or "", 0)):
            raise NetworkIsOff(f"tests may only look up this machine, not {host!r}")
        return look_up(host, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        for name, position in (("connect", 1), ("connect_ex", 1), ("sendto", -1)):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name), position))
        patch.setattr(socket, "getaddrinfo", local_look_up)
        yield


@pytest.fixture(params=[reader.name for reader in READERS if reader.tells_times])
def reader(request: pytest.FixtureRequest) -> ReadFiles:
    """One foreign reader after the other, as a function of files, first day and the day after the last."""
    return present(request, request.param)


@pytest.fixture(params=[reader.name for reader in READERS if not reader.tells_times])
def parser(request: pytest.FixtureRequest) -> ReadFiles:
    """One reader after the other that only parses: its lists of occurrences are empty."""
    return present(request, request.param)


def present(request: pytest.FixtureRequest, name: str) -> ReadFiles:
    """Returns the reader; where it is absent, skips the test, or fails it under `--require-readers`."""
    (chosen,) = (reader for reader in READERS if reader.name == name)
    if reason := chosen.missing():
        if request.config.getoption("--require-readers"):
            pytest.fail(reason)
        pytest.skip(reason)
    request.node.user_properties.append(("reader", name))
    return chosen.read


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[object], None]:
    """A function that notes what a test has counted; the notes are printed at the end of the run."""

    def note(words: object) -> None:
        request.node.user_properties.append(("figure", str(words)))

    return note


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Ends with what the tests have counted, and how many readers they have really used."""
    reports = [report for group in terminalreporter.stats.values() for report in group]
    properties = [pair for report in reports for pair in getattr(report, "user_properties", ())]
    for words in sorted({str(value) for name, value in properties if name == "figure"}):
        terminalreporter.write_line(words)
    ran = {value for name, value in properties if name == "reader"}
    if ran or any("tests/readers" in str(report) for report in reports):
        absent = [reader.name for reader in READERS if reader.name not in ran]
        words = f"; not: {', '.join(absent)}" if absent else ""
        terminalreporter.write_line(f"{len(ran)} of {len(READERS)} foreign readers ran{words}")
