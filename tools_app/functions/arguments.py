"""Arguments checked by the JSON Schema that the model was told."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from tools_app.errors import ToolError
from tools_app.functions.json_schema import CANNOT_CHECK, checker_of, errors_of
from tools_app.functions.wrong_arguments import MOST
from tools_app.schema_forms.complaints import told


def check_schema(schema: Mapping[str, Any]) -> None:
    """Raise ValueError for what is no JSON Schema (draft 2020-12), with its place."""
    try:
        Draft202012Validator.check_schema(dict(schema))
    except SchemaError as error:
        place = ".".join(map(str, error.absolute_path)) or "the schema"
        raise ValueError(f"{place}: {error.message}") from None


class ArgumentsSchema:
    """The schema of a function's arguments, compiled once."""

    def __init__(self, function: str, schema: Mapping[str, Any]) -> None:
        self._function = function
        self._properties = schema.get("properties", {})
        self._required = set(schema.get("required", ()))
        self._checker = checker_of(schema)

    def checked(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments with defaults filled in; raises `ToolError` naming each that is
        wrong, without its value, which may be secret."""
        try:
            whole = self._defaults() | self._given(arguments)
            errors = errors_of(self._checker, whole)
        except CANNOT_CHECK as error:
            detail = (
                f"The parameters are no usable JSON Schema: {type(error).__name__}."
            )
            raise ToolError("This function cannot be used.", detail=detail) from None
        if errors:
            said = " ".join(text for error in errors[:MOST] for text in told(error))
            raise ToolError(f"Wrong arguments for {self._function}: {said}")
        return whole

    def _given(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in arguments.items() if not self._means_default(k, v)}

    def _means_default(self, name: str, value: Any) -> bool:
        """A model sends null for what it leaves out, whether or not null is allowed."""
        if value is not None or name in self._required:
            return False
        schema = self._properties.get(name)
        return isinstance(schema, dict) and bool(
            errors_of(self._checker.evolve(schema=schema), None)
        )

    def _defaults(self) -> dict[str, Any]:
        return {
            name: schema["default"]
            for name, schema in self._properties.items()
            if isinstance(schema, dict) and schema.get("default") is not None
        }
