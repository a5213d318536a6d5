"""`credentials` of `sync.yaml`: the ways to sign in to Google, each under its name."""

from __future__ import annotations

from iopcal.language.admin_values import MAIL, PATH, Kinds, unsure
from iopcal.language.fields import Field, Row, Table, Value, enough, seen
from iopcal.language.report import Report
from iopcal.language.texts import choice, id_of
from iopcal.source import Mapping, Node, Scalar

SERVICE, USER, TEST = "service-account", "user", "none"
_WANTED = "a kind of sign-in"

KIND: Field[str] = Field("kind", choice((SERVICE, USER, TEST), _WANTED), "the kind of sign-in", needed=True)
KEY_FILE: Field[Scalar] = Field(
    "file", PATH, "its key, a JSON file from the Google Cloud console", needed=True
)
SUBJECT: Field[str] = Field(
    "subject",
    MAIL,
    "the address of the person it acts for (domain-wide delegation); needed to make calendars",
)
CLIENT: Field[Scalar] = Field(
    "client", PATH, "the OAuth client, a JSON file from the Google Cloud console", needed=True
)
TOKEN: Field[Scalar] = Field("token", PATH, "where `iopcal login` keeps the person's consent", needed=True)
SERVICE_ACCOUNT = Table(
    "a service account",
    (
        KIND._replace(value=choice((SERVICE,), _WANTED), meaning="`service-account`: the first choice"),
        KEY_FILE,
        SUBJECT,
    ),
    synonyms={"key": "file", "path": "file", "account": "subject", "email": "subject"},
)
SIGNED_IN = Table(
    "the sign-in of a user",
    (
        KIND._replace(value=choice((USER,), _WANTED), meaning="`user`: a person who signs in once"),
        CLIENT,
        TOKEN,
    ),
    synonyms={"file": "client"},
)
TEST_ONLY = Table(
    "a sign-in of the kind 'none'",
    (KIND._replace(value=choice((TEST,), _WANTED), meaning="`none`: against a test server only"),),
)
_TABLES = {SERVICE: SERVICE_ACCOUNT, USER: SIGNED_IN, TEST: TEST_ONLY}
_KINDS = Kinds(_TABLES, unsure("a sign-in", KIND, _TABLES))
Ways = tuple[tuple[Scalar, Row], ...]
"""Each way to sign in under its name."""


def _read(node: Node, report: Report) -> Ways | None:
    if not isinstance(node, Mapping):
        if isinstance(node, Scalar) and node.hole:
            report.hole()
        else:
            message = f"{seen(node)} stands where the credentials belong"
            hint = "write a line for each: a name, such as 'clinic', and 'key: value' under it"
            report.error(node.place, "IOP104", message, hint)
        return None
    if not enough(node, report, "credentials"):
        return None
    found = ((key, _KINDS.read(value, report)) for key, value in node.entries if id_of(key, report))
    return tuple((key, row) for key, row in found if row is not None)


CREDENTIALS: Field[Ways] = Field(
    "credentials",
    Value(_read, {"type": "object", "additionalProperties": _KINDS.schema(), "minProperties": 1}),
    "mapping of a name to a service account or a user: how to sign in to Google",
)
