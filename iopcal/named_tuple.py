"""`NamedTuple`, as of `typing`, but at next to no cost for a class.

That of `typing` compiles every annotation and a constructor, a quarter of a millisecond a class; with a
hundred classes that was a fifteenth of a whole build. This one takes the fields as they are written and
compiles the constructor when it is first called. Type checkers see that of `typing`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from typing import NamedTuple
else:
    from collections import _tuplegetter

    class _Meta(type):
        """Makes the annotations of a class the fields of a tuple, and their values its defaults."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, Any]) -> type:
            fields = tuple(body.get("__annotations__", ()))
            # Without the import, a body has no annotations from Python 3.14 on.
            if not fields and bases != (tuple,):
                raise TypeError(f"{name} needs fields, and `from __future__ import annotations` above it")
            body["_field_defaults"] = {field: body[field] for field in fields if field in body}
            body.update((field, _tuplegetter(place, None)) for place, field in enumerate(fields))
            body |= {"_fields": fields, "__match_args__": fields, "__slots__": ()}
            return super().__new__(cls, name, bases, body)

    class NamedTuple(tuple, metaclass=_Meta):
        """The base of classes whose annotations are the fields of a tuple."""

        def __new__(cls, /, *values: object, **named: object) -> NamedTuple:
            """Compiles the constructor proper, puts it in its own place and calls it."""
            names = ", ".join(cls._fields)
            make = eval(f"lambda _cls, {names}: _new(_cls, ({names},))", {"_new": tuple.__new__})
            make.__defaults__ = tuple(cls._field_defaults.values())
            cls.__new__ = staticmethod(make)
            return make(cls, *values, **named)

        def __repr__(self) -> str:
            values = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({', '.join(values)})"

        def __getnewargs__(self) -> tuple[object, ...]:
            """Returns what `copy` and `pickle` give to the constructor."""
            return tuple(self)

        def _asdict(self) -> dict[str, object]:
            """Returns the values by name."""
            return dict(zip(self._fields, self, strict=True))

        def _replace(self, **values: object) -> NamedTuple:
            """Returns the same tuple with other values; raises TypeError for a name that is no field."""
            changed = tuple.__new__(type(self), map(values.pop, self._fields, self))
            if values:
                raise TypeError(f"{type(self).__name__} has no field {', '.join(values)}")
            return changed


__all__ = ["NamedTuple"]
