"""P10: the CPU of the client that inserts 500 events, beside Google's client used the usual way.

The bar: a fifth. The server is the fake Google Calendar of the tests, in this process, over real sockets.
What is measured and what not: see pushes.py.
"""

from __future__ import annotations

from functools import partial

from fake_server import server
from pushes import WAYS
from side_by_side import HERE, Environment, Side, compare, options

EVENTS = 500


def main() -> None:
    """Runs the benchmark."""
    with options(__doc__, runs=7) as given, server() as fake:
        environment = Environment(given.folder / "iopcal")
        environment.install_iopcal()
        requests: dict[str, str] = {}

        def cpu_of(name: str) -> float:
            words = (name, fake.root, fake.calendar("Staff"), str(EVENTS))
            figure, requests[name] = environment.run(str(HERE / "pushes.py"), *words).split()
            return float(figure)

        ours, *theirs = (Side(name, partial(cpu_of, name)) for name in WAYS)
        versions = environment.versions("iopcal", "google-api-python-client", "httplib2")
        compare(f"P10 {EVENTS} events", ours, theirs, given.runs, "ms of CPU", versions)
        print(f"    requests: {', '.join(f'{name} {count}' for name, count in requests.items())}")


if __name__ == "__main__":
    main()
