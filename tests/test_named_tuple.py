"""The named tuples of iopcal do what those of `typing` do."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import Generic, TypeVar

import pytest

from iopcal.named_tuple import NamedTuple

T = TypeVar("T")


class Ours(NamedTuple):
    """A point."""

    x: int
    y: int = 2
    marks: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """The sum."""
        return self.x + self.y


class Theirs(typing.NamedTuple):
    x: int
    y: int = 2
    marks: tuple[str, ...] = ()


class Box(NamedTuple, Generic[T]):
    content: T


@pytest.mark.parametrize(
    ("values", "named"),
    [((1,), {}), ((1, 3), {}), ((1, 3, ("a",)), {}), ((), {"y": 5, "x": 4}), ((7,), {"y": 8})],
)
def test_a_value_is_made_and_told_like_one_of_typing(values, named):
    ours, theirs = Ours(*values, **named), Theirs(*values, **named)
    assert ours == theirs
    assert hash(ours) == hash(theirs)
    assert repr(ours) == repr(theirs).replace("Theirs", "Ours")
    assert ours._asdict() == theirs._asdict()
    assert (ours.x, ours.y, ours.marks, ours.total) == (*theirs, theirs.x + theirs.y)
    assert Ours._fields == Theirs._fields


@pytest.mark.parametrize(
    ("values", "named"), [((), {}), ((1, 2, (), 4), {}), ((1,), {"x": 1}), ((1,), {"z": 1})]
)
def test_wrong_fields_are_refused_the_first_time_and_later(values, named):
    fresh = type(NamedTuple)("Fresh", (NamedTuple,), {"__annotations__": Ours.__annotations__})
    for _ in range(2):
        with pytest.raises(TypeError):
            fresh(*values, **named)
    with pytest.raises(TypeError):
        Ours(1)._replace(z=1)


def test_a_value_is_changed_by_name_only_into_another():
    point = Ours(1)
    assert point._replace(y=9) == Ours(1, 9)
    assert point == Ours(1)
    for name in ("x", "other"):
        with pytest.raises(AttributeError):
            setattr(point, name, 3)


def test_values_are_copied_pickled_matched_and_generic():
    point = Ours(1, marks=("a",))
    assert copy.deepcopy(point) == point == pickle.loads(pickle.dumps(point))
    assert type(pickle.loads(pickle.dumps(point))) is Ours
    match point:
        case Ours(x, y, [mark]):
            assert (x, y, mark) == (1, 2, "a")
        case _:
            pytest.fail("it does not match")
    assert Box[int](3) == Box(3) == (3,)
    assert typing.get_type_hints(Ours)["marks"] == tuple[str, ...]


def test_a_field_may_have_any_name():
    odd = type(NamedTuple)(
        "Odd", (NamedTuple,), {"__annotations__": dict.fromkeys(("cls", "new", "self", "values"))}
    )
    assert odd(new=2, values=4, cls=1, self=3) == (1, 2, 3, 4)
    assert odd(1, 2, 3, 4) == (1, 2, 3, 4)


def test_a_class_without_fields_is_refused():
    with pytest.raises(TypeError, match="Empty needs fields"):
        type(NamedTuple)("Empty", (NamedTuple,), {})
