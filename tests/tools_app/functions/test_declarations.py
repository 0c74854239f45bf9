"""The declaration that staff see is the one that the model gets."""

from typing import Any

import pytest
from google.genai import types
from livekit.agents import function_tool
from livekit.agents.llm import ToolContext
from livekit.plugins.google.utils import create_tools_config

from tests.tools_app.signatures import ManySignatures
from tools_app.code_tools.compiling import compiled
from tools_app.functions.declarations import Rejected, declare
from tools_app.functions.specs import FunctionSpec

SPECS = [function.spec for function in compiled(ManySignatures).values()]
NODE = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
HAND_WRITTEN: dict[str, dict[str, Any]] = {
    "nothing": {},
    "no_parameters": {"type": "object", "properties": {}},
    "foreign_words": {
        "type": "string",
        "x-order": 1,
        "readOnly": True,
        "$comment": "no",
        "exclusiveMinimum": 1,
    },
    "constant": {"const": "a"},
    "enum_without_type": {"enum": ["a", "b"]},
    "gemini_words": {"type": "string", "nullable": True, "example": "a"},
    "null": {"type": "null"},
    "limits": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    "three_or_none": {"anyOf": [{"type": t} for t in ("string", "integer", "null")]},
    "object_or_none": {
        "anyOf": [
            {"type": "object", "properties": {"a": {"type": "string", "title": "A"}}},
            {"type": "null"},
        ]
    },
    "ordered": {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
        "propertyOrdering": ["b", "a"],
    },
}
REFUSED_BY_THE_PLUGIN: dict[str, dict[str, Any]] = {
    "tuple": {"type": "array", "prefixItems": [{"type": "string"}]},
    "itself": {"$ref": "#/$defs/Node"},
    "numbers_as_enum": {"type": "integer", "enum": [1, 2]},
    "unknown_type": {"type": "date"},
    "shouted_type": {"type": "STRING"},
    "null_in_enum": {"type": "string", "enum": ["a", None]},
    "text_as_limit": {"type": "string", "minLength": "many"},
    "two_types": {"type": ["string", "null"]},
}
REFUSED_BY_GEMINI: dict[str, dict[str, Any]] = {
    "anything": {},
    "only_words": {"description": "Whatever"},
    "list_of_anything": {"type": "array"},
    "object_of_anything": {"type": "object"},
    "in_a_list": {"type": "array", "items": {"type": "object"}},
    "in_a_union": {"anyOf": [{"type": "string"}, {"type": "array"}]},
    "empty_choice": {"type": "string", "enum": ["", "a"]},
    "one_of": {"oneOf": [{"type": "string"}]},
    "unknown_required": {
        "type": "object",
        "properties": {"a": {"type": "string"}},
        "required": ["b"],
    },
    "not_a_schema": {"type": "array", "items": "string"},
}


def spec(part: dict[str, Any], name: str = "function") -> FunctionSpec:
    """A function with one parameter of this schema."""
    defs = {"$defs": {"Node": NODE}} if part.get("$ref") else {}
    parameters = {"type": "object", "properties": {"part": part}, **defs}
    return FunctionSpec(name, "Do it.", parameters)


def sent_by_livekit(spec: FunctionSpec) -> dict[str, Any]:
    """What LiveKit's plugin sends for it to Gemini Live, as JSON."""

    async def run(raw_arguments: dict[str, object]) -> str:
        return ""

    schema = {
        "name": spec.name,
        "description": spec.description,
        "parameters": dict(spec.parameters),
    }
    tools = ToolContext([function_tool(run, raw_schema=schema)])
    config, _ = create_tools_config(tools, use_parameters_json_schema=False)
    assert isinstance(config[0], types.Tool) and config[0].function_declarations
    declaration = config[0].function_declarations[0]
    return declaration.model_dump(mode="json", by_alias=True, exclude_none=True)


@pytest.mark.parametrize("spec", SPECS, ids=lambda s: s.name)
def test_declaration_of_a_method_is_what_livekit_sends(spec: FunctionSpec) -> None:
    assert declare(spec) == sent_by_livekit(spec)


@pytest.mark.parametrize(
    "name", sorted(HAND_WRITTEN.keys() - {"nothing", "no_parameters"})
)
def test_declaration_of_a_schema_is_what_livekit_sends(name: str) -> None:
    assert declare(spec(HAND_WRITTEN[name])) == sent_by_livekit(
        spec(HAND_WRITTEN[name])
    )


@pytest.mark.parametrize("name", ["nothing", "no_parameters"])
def test_function_without_parameters_declares_none(name: str) -> None:
    bare = FunctionSpec("bare", "Do it.", HAND_WRITTEN[name])
    assert declare(bare) == sent_by_livekit(bare)
    assert "parameters" not in declare(bare)


@pytest.mark.parametrize("name", REFUSED_BY_THE_PLUGIN)
def test_what_livekit_cannot_send_is_rejected_at_its_parameter(name: str) -> None:
    odd = spec(REFUSED_BY_THE_PLUGIN[name])
    with pytest.raises((ValueError, TypeError)):
        sent_by_livekit(odd)
    with pytest.raises(Rejected) as caught:
        declare(odd)
    assert caught.value.parameter == "part"


@pytest.mark.parametrize("name", REFUSED_BY_GEMINI)
def test_what_gemini_answers_with_400_is_rejected_at_its_parameter(name: str) -> None:
    with pytest.raises(Rejected) as caught:
        declare(spec(REFUSED_BY_GEMINI[name]))
    assert caught.value.parameter == "part"


@pytest.mark.parametrize("name", ["my tool!", "1st", "", "a" * 65, "grüße"])
def test_names_that_gemini_refuses_are_rejected(name: str) -> None:
    with pytest.raises(Rejected, match="at most 64 characters"):
        declare(FunctionSpec(name, "Do it."))


@pytest.mark.parametrize("name", ["my-part", "1st", "a b"])
def test_parameter_names_that_gemini_refuses_are_rejected(name: str) -> None:
    parameters = {"type": "object", "properties": {name: {"type": "string"}}}
    with pytest.raises(Rejected) as caught:
        declare(FunctionSpec("fine", "Do it.", parameters))
    assert caught.value.parameter == name


def test_fault_deep_inside_is_named_with_its_place() -> None:
    people = {"type": "object", "properties": {"tags": {"type": "array"}}}
    with pytest.raises(Rejected, match=r"part: \[\]\.tags is a list: say of what"):
        declare(spec({"type": "array", "items": people}))


def test_parameters_that_are_no_object_are_rejected() -> None:
    with pytest.raises(Rejected, match="type object"):
        declare(FunctionSpec("odd", "Do it.", {"type": "string"}))


def test_declaring_leaves_the_schema_as_it_was() -> None:
    before = {"type": "object", "properties": {"a": {"type": "string", "title": "A"}}}
    declare(FunctionSpec("fine", "Do it.", before))
    assert before["properties"] == {"a": {"type": "string", "title": "A"}}


DEEP: dict[str, Any] = {"type": "string"}
for _ in range(400):
    DEEP = {"type": "array", "items": DEEP}


A = {"a": {"type": "string"}}


@pytest.mark.parametrize(
    "parameters",
    [
        {"type": "object", "properties": A, "description": 5},
        {"type": "object", "properties": A, "required": "a"},
        {"type": "object", "properties": A, "items": True},
        {"type": "object", "properties": A, "$ref": "#/$defs/gone"},
        {"type": "object", "properties": {"a": {"enum": {"b": 1}}}},
        {"type": "object", "properties": ["a"]},
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": 1},
        {"type": "object", "properties": {"a": {"$ref": 7}}},
        {"type": "object", "properties": {"a": {"anyOf": {"type": "string"}}}},
        {"type": "object", "properties": {"a": DEEP}},
        {"type": ["object"], "properties": {"a": {"type": "string"}}},
    ],
    ids=lambda p: str(p)[:60],
)
def test_nonsense_from_a_server_is_rejected_not_raised(
    parameters: dict[str, Any],
) -> None:
    with pytest.raises(Rejected):
        declare(FunctionSpec("odd", "Do it.", parameters))


def doubling(depth: int) -> dict[str, Any]:
    """Few words that stand for two to the power of `depth` types."""
    defs: dict[str, Any] = {"T0": {"type": "string"}}
    for at in range(depth):
        inner = {"$ref": f"#/$defs/T{at}"}
        defs[f"T{at + 1}"] = {
            "type": "object",
            "properties": {"left": inner, "right": inner},
        }
    part = {"$ref": f"#/$defs/T{depth}"}
    return {"type": "object", "properties": {"part": part}, "$defs": defs}


def test_types_that_double_are_rejected_before_they_are_written_out() -> None:
    with pytest.raises(Rejected, match=r"part: .* more than 2000 types"):
        declare(FunctionSpec("bomb", "Do it.", doubling(60)))


def test_types_that_are_used_often_are_written_out() -> None:
    assert declare(FunctionSpec("fine", "Do it.", doubling(6)))["parameters"]
