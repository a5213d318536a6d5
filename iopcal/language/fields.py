"""The machinery of the language: a key is a `Field`, the keys of one mapping are a `Table`.

A table is declared once. The reader (`read_row`), the JSON Schema and the reference page all come from it.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Keys
from types import MappingProxyType
from typing import Generic, TypeVar, cast

from iopcal.language.frequency import both_readings
from iopcal.language.report import Report, meant, shown
from iopcal.model import Place
from iopcal.named_tuple import NamedTuple
from iopcal.problems import nearest
from iopcal.source import Mapping, Node, Scalar, Sequence

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Schema = Keys[str, object]


class Value(NamedTuple, Generic[T_co]):
    """A kind of value: its schema, and how a node is read as one (None: it is none, which was reported).

    A value with a `name` stands once in the `$defs` of the JSON Schema.
    """

    read: Callable[[Node, Report], T_co | None]
    schema: Schema
    name: str = ""


class Field(NamedTuple, Generic[T_co]):
    """One key: the value it holds, and what it means in the words of the reference page."""

    key: str
    value: Value[T_co]
    meaning: str
    needed: bool = False


class Table(NamedTuple):
    """The keys of one kind of mapping.

    `noun` names it in messages ('a phase'); `later` lists keys of the language that are not supported yet;
    `synonyms` leads from words people try to the key they mean; `rules` goes into the schema as it stands.
    """

    noun: str
    fields: tuple[Field[object], ...]
    later: tuple[str, ...] = ()
    synonyms: Keys[str, str] = MappingProxyType({})
    rules: Schema = MappingProxyType({})

    def without(self, noun: str, *fields: Field[object]) -> Table:
        """Returns a table of the other fields."""
        return self._replace(noun=noun, fields=tuple(each for each in self.fields if each not in fields))


class Row:
    """The values of one mapping, as its table reads them."""

    __slots__ = ("_keys", "_values", "misspelt", "place", "strange", "table")

    def __init__(self, table: Table, place: Place) -> None:
        self.table = table
        self.place = place
        self.strange = False  # it had keys that its table does not know
        self.misspelt: set[str] = set()  # keys of the table that those were probably meant for
        self._keys: dict[str, tuple[Place, Node]] = {}
        self._values: dict[str, object] = {}

    def put(self, field: Field[T], key: Place, node: Node, read: T | None) -> None:
        """Notes that the key was written, with what node, and its value where it could be read."""
        self._keys[field.key] = key, node
        if read is not None:
            self._values[field.key] = read

    def __contains__(self, field: Field[object]) -> bool:
        """Says whether the key was written, be its value good or not."""
        return field.key in self._keys

    def get(self, field: Field[T]) -> T | None:
        """Returns the value of a key; None when it is absent or could not be read."""
        return cast("T | None", self._values.get(field.key))

    def broken(self, field: Field[object]) -> bool:
        """Says whether the key was written, perhaps misspelt, with a value that could not be read."""
        return field.key not in self._values and (field.key in self._keys or field.key in self.misspelt)

    def key_place(self, field: Field[object]) -> Place:
        """Returns where the key stands, or the row where it is absent."""
        return self._keys[field.key][0] if field.key in self._keys else self.place

    def place_of(self, field: Field[object]) -> Place:
        """Returns where the value of the key stands, or the row where it is absent."""
        return self._keys[field.key][1].place if field.key in self._keys else self.place

    def listed(self, field: Field[object]) -> bool:
        """Says whether the value was written as a list."""
        return field.key in self._keys and isinstance(self._keys[field.key][1], Sequence)

    def length(self, field: Field[object]) -> int:
        """Returns how many items were written: those of a list or mapping, else 1; 0 if the key is absent."""
        if field.key not in self._keys:
            return 0
        node = self._keys[field.key][1]
        return 1 if isinstance(node, Scalar) else len(node[0])

    def written(self) -> tuple[str, ...]:
        """Returns the known keys that were written, in the order of the file."""
        return tuple(self._keys)


def read_row(table: Table, node: Node, report: Report) -> Row | None:
    """Reads a mapping by its table; None when the node is no mapping.

    Unknown keys (IOP102), keys that are not supported yet (IOP107) and missing ones (IOP103) are reported.
    """
    if isinstance(node, Scalar) and node.hole:
        report.hole()
        return None
    if not isinstance(node, Mapping):
        report.error(
            node.place,
            "IOP104",
            f"{seen(node)} stands where {table.noun} belongs",
            f"{table.noun} is written as 'key: value', with the keys {key_list(table)}",
        )
        return None
    row = Row(table, node.place)
    fields = {field.key: field for field in table.fields}
    for key, value in node.entries:
        field = fields.get(key.text)
        if field is not None:
            row.put(field, key.place, value, field.value.read(value, report))
        elif key.text in table.later:
            row.strange = True
            report.error(
                key.place, "IOP107", f"{shown(key.text)} is not supported yet", "remove the key for now"
            )
        else:
            row.strange = True
            row.misspelt.add(_unknown_key(table, key, report))
    for field in table.fields:
        if field.needed and field not in row and field.key not in row.misspelt:
            hint = f"{field.key}: {field.meaning}".replace("`", "'")
            report.error(row.place, "IOP103", f"{table.noun} needs the key '{field.key}'", hint)
    return row


def key_list(table: Table) -> str:
    """Returns the keys of a table in one line."""
    return ", ".join(field.key for field in table.fields)


def seen(node: Node) -> str:
    """Names what a node is, for a message about its shape."""
    if isinstance(node, Scalar):
        return f"the text {shown(node.text)}"
    return "a list" if isinstance(node, Sequence) else "a mapping of keys"


def _unknown_key(table: Table, key: Scalar, report: Report) -> str:
    """Reports a key the table does not have; returns the one that was probably meant."""
    written = key.text.casefold()
    known = [field.key for field in table.fields]
    choice = table.synonyms.get(written) or nearest(written.replace("-", "_").replace(" ", "_"), known)
    hint = both_readings(key.text) or meant(choice, f"the keys of {table.noun} are {key_list(table)}")
    report.error(key.place, "IOP102", f"{shown(key.text)} is not a key of {table.noun}", hint)
    return choice


def scalar(node: Node, report: Report, wanted: str) -> Scalar | None:
    """Returns the node when it is a text that is not empty; `wanted` names what belongs there."""
    if not isinstance(node, Scalar):
        report.error(node.place, "IOP104", f"{seen(node)} stands where {wanted} belongs", f"write {wanted}")
        return None
    if node.hole:
        report.hole()
        return None
    if not node.text.strip():
        report.error(
            node.place,
            "IOP104",
            f"an empty text stands where {wanted} belongs",
            "write it, or remove the key",
        )
        return None
    return node


def list_of(
    value: Value[T], wanted: str, least: int = 1, most: int = 0, keep: bool = False
) -> Value[tuple[T, ...]]:
    """Returns the value that is a list of `value`; a single one stands for a list of one.

    `wanted` names the items. `least` and `most` bound their number (IOP104, IOP155); `most` 0 is no bound.
    With `keep` the good items are kept beside broken ones, so that the rest of the file is still checked.
    """

    def read(node: Node, report: Report) -> tuple[T, ...] | None:
        nodes = node.items if isinstance(node, Sequence) else (node,)
        if isinstance(node, Sequence) and not enough(node, report, wanted, least):
            return None
        if most and len(nodes) > most:
            found = f"{len(nodes):,} {wanted} are more than the {most:,} allowed"
            report.error(nodes[most].place, "IOP155", found)
            return None
        items = [value.read(item, report) for item in nodes]
        good = tuple(item for item in items if item is not None)
        return good if keep or len(good) == len(items) else None

    listed: dict[str, object] = {"type": "array", "items": as_schema(value)}
    if least:
        listed["minItems"] = least
    if most:
        listed["maxItems"] = most
    return Value(read, {"anyOf": [as_schema(value), listed]})


def enough(node: Sequence | Mapping, report: Report, wanted: str, least: int = 1) -> bool:
    """Reports a list or mapping that is shorter than `least`."""
    if len(node[0]) >= least:
        return True
    report.error(node.place, "IOP104", f"the list of {wanted} is empty", "fill it, or remove the key")
    return False


def by_key(value: Value[T], wanted: str) -> Value[tuple[tuple[Scalar | None, T], ...]]:
    """Returns the value that is one `value` for all (under None), or a mapping from names to one each.

    `wanted` names them in messages ('times').
    """

    def read(node: Node, report: Report) -> tuple[tuple[Scalar | None, T], ...] | None:
        if not isinstance(node, Mapping):
            single = value.read(node, report)
            return None if single is None else ((None, single),)
        if not enough(node, report, wanted):
            return None
        found = [(key, value.read(item, report)) for key, item in node.entries]
        good = tuple((key, each) for key, each in found if each is not None)
        return good if len(good) == len(found) else None

    each = as_schema(value)
    return Value(
        read, {"anyOf": [each, {"type": "object", "additionalProperties": each, "minProperties": 1}]}
    )


def row_of(table: Table, name: str) -> Value[Row]:
    """Returns the value that is a mapping with the keys of `table`."""

    def read(node: Node, report: Report) -> Row | None:
        return read_row(table, node, report)

    return Value(read, object_schema(table), name)


NAMED = "x-name"
"""Marks, in a schema under way, the schema of a named value, which moves to `$defs` in the end."""


def as_schema(value: Value[object]) -> Schema:
    """Returns the schema of a value where it is used."""
    return {NAMED: value.name, **value.schema} if value.name else value.schema


def object_schema(table: Table) -> Schema:
    """Returns the schema of a mapping with the keys of `table`."""
    properties = {
        field.key: {**as_schema(field.value), "description": field.meaning} for field in table.fields
    }
    return {
        "type": "object",
        "properties": properties,
        "required": [field.key for field in table.fields if field.needed],
        "additionalProperties": False,
        **table.rules,
    }
