"""Tables of parameters as classes: one definition of their keys, types and defaults.

A kind of table is a class derived from `Table`: its fields are the keys, their annotations the types, and a field with
a default may be left out. `schema_of` gives what `repro.schema.check` finds faults by; `Table.read` gives the typed
object, and `Table.to_json` exactly the keys and values that were written: hashes do not depend on defaults.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Annotated, Any, ClassVar, Self, Union, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError

from repro.errors import LabError
from repro.schema import JsonObject, JsonValue, Schema


def number(value: object) -> float:
    """Return the number as it is written: 1 stays 1, and has another hash than 1.0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("not a number")
    return value


Number = Annotated[float, PlainValidator(number)]


class Table(BaseModel):
    """A table of parameters. A subclass with `OPEN` has further keys, which are whoever reads them to judge."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=True)
    OPEN: ClassVar[bool] = False

    @classmethod
    def read(cls, table: JsonObject) -> Self:
        """Build the object from a table. LabError where a key is missing or a value is of another type.

        A class may declare only the part of a table that its reader needs; the other keys are kept as they are.
        """
        try:
            return cls.model_validate(dict(table))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise LabError(f"the parameter {where} is wrong: {first['msg']}", f"mend {where}") from error

    def to_json(self) -> dict[str, JsonValue]:
        """Return the keys that were written, with their values as they were written."""
        return self.model_dump(exclude_unset=True)

    def but(self, **changes: object) -> Self:
        """Return the table with other values of some fields."""
        return self.model_copy(update=changes)


class Changes:
    """Marks a field whose value is laid over a table of the kind `kind`: any of its keys, but not those `without`."""

    def __init__(self, kind: type[Table], without: Sequence[str] = ()) -> None:
        self.schema: dict[str, Schema] = {
            f"{key.removesuffix('?')}?": own
            for key, own in schema_of(kind).items()
            if key.removesuffix("?") not in without
        }


@cache
def schema_of(kind: type[Table]) -> dict[str, Schema]:
    """Return the schema of a kind of table, with its keys in the order of its fields."""
    schema: dict[str, Schema] = {}
    for name, own in kind.model_fields.items():
        changes = [each.schema for each in own.metadata if isinstance(each, Changes)]
        schema[name if own.is_required() else f"{name}?"] = changes[0] if changes else _schema(own.annotation)
    return schema | ({"*": object} if kind.OPEN else {})


def _schema(annotation: object) -> Schema:
    """Return the schema of an annotation; None beside another type says that it may be left out."""
    if annotation is Any:
        return object
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _schema(arguments[0])
    if origin in (Union, types.UnionType):
        stated = [each for each in arguments if each is not types.NoneType]
        return _schema(stated[0]) if len(stated) == 1 else object
    if origin is Mapping:
        return {"*": _schema(arguments[1])}
    if origin is Sequence:
        return [_schema(arguments[0])]
    return (
        schema_of(annotation)
        if isinstance(annotation, type) and issubclass(annotation, Table)
        else cast(type, annotation)
    )
