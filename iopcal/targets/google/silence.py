"""Keeps the Google libraries quiet: their log lines and warnings hold addresses with calendar ids."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

LOUD = (
    "googleapiclient",
    "google",
    "google_auth_httplib2",
    "httplib2",
    "urllib3",
    "requests_oauthlib",
    "oauthlib",
)


def silence() -> None:
    """Pins the loggers of the Google libraries, and those below them, to CRITICAL."""
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # An environment variable of Google's own (GOOGLE_SDK_PYTHON_LOGGING_SCOPE) opens loggers further down.
    for name, logger in list(logging.Logger.manager.loggerDict.items()):
        below = name.partition(".")[0] in LOUD
        if below and isinstance(logger, logging.Logger) and logger.level != logging.NOTSET:
            logger.setLevel(logging.CRITICAL)


@contextmanager
def silenced() -> Iterator[None]:
    """Imports of Google's libraries go in here: they warn of Python versions, and cron would mail it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    silence()
