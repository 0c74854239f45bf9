"""What staff write of an endpoint."""

from collections import defaultdict
from typing import Any

import pytest
from pydantic import ValidationError

from tools_app.endpoints.definition import HttpDefinition

ORDER: dict[str, Any] = {
    "function": "find_order",
    "description": "Find an order by its number.",
    "url": "https://api.example.com/orders/{order_id}",
    "parameters": {
        "type": "object",
        "properties": {"order_id": {"type": "string"}},
        "required": ["order_id"],
    },
}


def faults(**changes: Any) -> dict[str, str]:
    """What is wrong with the definition after these changes, by field."""
    with pytest.raises(ValidationError) as caught:
        HttpDefinition.model_validate({**ORDER, **changes})
    told: dict[str, str] = defaultdict(str)
    for error in caught.value.errors():
        told[str(error["loc"][0])] += error["msg"]
    return told


def test_definition_is_told_to_the_model_as_a_function() -> None:
    spec = HttpDefinition.model_validate(ORDER).spec
    assert (spec.name, spec.description) == ("find_order", ORDER["description"])
    assert spec.parameters["required"] == ["order_id"]
    assert not spec.is_side_effect


@pytest.mark.parametrize(
    ("changes", "is_side_effect"),
    [
        ({"method": "POST"}, True),
        ({"method": "DELETE"}, True),
        ({"method": "POST", "is_side_effect": False}, False),
        ({"is_side_effect": True}, True),
    ],
)
def test_what_changes_something_is_a_side_effect(
    changes: dict[str, Any], is_side_effect: bool
) -> None:
    definition = HttpDefinition.model_validate({**ORDER, **changes})
    assert definition.spec.is_side_effect is is_side_effect


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("url", "api.example.com", "begin the URL with https://"),
        ("url", "https://{order_id}/", "not in the host"),
        ("url", "https://x.test/{order_id}/{nr}", "nr: no such parameter"),
        ("headers", {"X-{order_id}": "a"}, "no header"),
        ("headers", {"X-Id": "{nr}"}, "nr: no such parameter; there is order_id"),
        ("query", {"q": "{a-b}"}, "no placeholder"),
        ("body", {"a": ["{nr}"]}, "nr: no such parameter"),
        ("body", {"a": 1}, "a GET has no body"),
        ("parameters", {"type": "array"}, "object"),
        ("parameters", {"properties": {"a": {"type": "text"}}}, "properties.a.type"),
        ("secret_parameters", ["nr"], "nr: no such parameter"),
        ("pick", "orders[", "no JMESPath"),
        ("timeout_seconds", 0, "greater than or equal to 0.5"),
        ("retries", 9, "less than or equal to 5"),
        ("function", "find order!", "must be letters"),
        ("method", "TRACE", "GET"),
        ("extra", 1, "Extra inputs"),
        ("secrets", [{"name": "k"}, {"name": "k"}], "two secrets are called k"),
        (
            "secrets",
            [{"name": "order_id", "place": "placeholder"}],
            "a parameter has this name already",
        ),
        ("secrets", [{"name": "k", "place": "placeholder"}], "write {k} where"),
    ],
)
def test_each_fault_is_at_its_field_with_its_mend(
    field: str, value: Any, mend: str
) -> None:
    assert mend in faults(**{field: value})[field]


def test_parameter_that_goes_nowhere_is_a_fault() -> None:
    properties = {"order_id": {"type": "string"}, "note": {"type": "string"}}
    schema = {"properties": properties, "required": ["order_id"]}
    assert "write {note} into the URL" in faults(parameters=schema)["parameters"]


def test_parameter_of_the_path_must_be_given_or_have_a_default() -> None:
    optional = {"properties": {"order_id": {"type": "string"}}}
    assert "make it required" in faults(parameters=optional)["url"]
    optional["properties"]["order_id"]["default"] = "latest"
    HttpDefinition.model_validate({**ORDER, "parameters": optional})


def test_parameter_that_the_model_would_refuse_is_a_fault() -> None:
    schema = {"properties": {"order_id": {"type": "array"}}, "required": ["order_id"]}
    assert "order_id: is a list: say of what" in faults(parameters=schema)["parameters"]


def test_text_cannot_be_picked_from() -> None:
    assert "choose json" in faults(pick="a", response="text")["pick"]


def test_all_faults_that_belong_together_come_at_once() -> None:
    assert faults(headers={"X": "{a}"}, query={"q": "{b}"}).keys() == {
        "headers",
        "query",
    }


def test_secrets_make_the_schema_of_their_form() -> None:
    secrets = [{"name": "api_key", "place": "header", "key": "X-Key"}]
    schema = HttpDefinition.model_validate({**ORDER, "secrets": secrets})
    assert list(schema.sensitive_schema["properties"]) == ["api_key"]


def test_what_was_saved_is_taken_as_it_was_checked_then() -> None:
    since = {"parameters": {**ORDER["parameters"], "properties": {"number": 7}}}
    assert "parameters" in faults(**since)
    assert HttpDefinition.stored({**ORDER, **since}).spec.name == "find_order"
