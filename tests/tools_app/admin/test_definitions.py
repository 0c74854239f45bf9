"""*New HTTP endpoint*, *New MCP server*: described in a form, errors at the field."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Membership, Organization, Role, User
from tests.tools_app.admin.conftest import errors_of, page, url_of
from tools_app.models import Kind, PlatformTool

ADD = reverse("admin:tools_app_platformtool_add")
HTTP, MCP = f"{ADD}?kind=http", f"{ADD}?kind=mcp"
CITY = """{"type": "object", "properties": {"city": {"type": "string"}},
           "required": ["city"]}"""


def sent(**changes: Any) -> dict[str, Any]:
    """What the browser sends for an endpoint that tells the weather of a city."""
    fields = {
        "function": "forecast",
        "description": "Tell the weather in a city.",
        "method": '"GET"',
        "url": "https://weather.example.com/{city}",
        "headers": "Accept: application/json",
        "query": "days: 3",
        "parameters": CITY,
        "response": '"json"',
        "timeout_seconds": "8",
        "retries": "1",
    } | changes
    named = {f"definition__{name}": value for name, value in fields.items()}
    return {"name": "City weather"} | named


def secret(name: str, place: str = "bearer", key: str = "", *, row: int = 0) -> Any:
    """A line of boxes for a secret."""
    values = {"name": name, "place": place, "key": key, "prefix": ""}
    return {f"secret_place_{row}_{part}": value for part, value in values.items()}


@pytest.fixture
def endpoint_tool(as_alice: Client, acme: Organization) -> PlatformTool:
    """Acme's weather of cities, as Alice described it."""
    answer = as_alice.post(HTTP, sent() | secret("api_key"))
    assert answer.status_code == 302, errors_of(answer)
    return PlatformTool.objects.get(organization=acme)


def test_endpoint_becomes_a_tool_with_its_function(
    endpoint_tool: PlatformTool, acme: Organization
) -> None:
    assert (endpoint_tool.key, endpoint_tool.kind) == ("city_weather", Kind.HTTP)
    assert endpoint_tool.definition["headers"] == {"Accept": "application/json"}
    assert endpoint_tool.definition["query"] == {"days": "3"}
    [function] = endpoint_tool.functions.all()
    assert (function.name, function.is_side_effect) == ("forecast", False)
    assert function.parameters["required"] == ["city"]


@pytest.mark.parametrize("form", [HTTP, MCP])
def test_form_that_is_left_unsaved_asks_first(as_alice: Client, form: str) -> None:
    assert "warn-unsaved-form" in page(as_alice, form)


def test_secret_of_an_endpoint_is_asked_for_by_its_name(
    as_alice: Client, endpoint_tool: PlatformTool
) -> None:
    assert endpoint_tool.secret_names == ["api_key"]
    assert endpoint_tool.requires_auth
    assert "It takes api_key." in page(as_alice, url_of(endpoint_tool))


def test_edit_shows_what_is_and_what_changed_is_told(
    as_alice: Client, endpoint_tool: PlatformTool
) -> None:
    text = page(as_alice, url_of(endpoint_tool, "edit"))
    assert "Accept: application/json</textarea>" in text
    assert 'name="secret_place_0_name" value="api_key"' in text.replace("\n", " ")
    fields = sent(function="weather") | secret("api_key")
    answer = as_alice.post(url_of(endpoint_tool, "edit"), fields, follow=True)
    assert "<dt>New functions</dt><dd>weather</dd>" in answer.text
    assert "<dt>Functions that are gone</dt><dd>forecast</dd>" in answer.text
    endpoint_tool.refresh_from_db()
    assert endpoint_tool.key == "city_weather"


def test_edit_without_a_change_changes_nothing(
    as_alice: Client, endpoint_tool: PlatformTool
) -> None:
    version = endpoint_tool.version_hash
    as_alice.post(url_of(endpoint_tool, "edit"), sent() | secret("api_key"))
    endpoint_tool.refresh_from_db()
    assert endpoint_tool.version_hash == version
    assert endpoint_tool.last_change == {}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"url": "weather.example.com"}, "definition__url", "https://"),
        ({"url": "https://x.example/{town}"}, "definition__url", "no such parameter"),
        ({"url": ""}, "definition__url", "This field is required."),
        ({"function": "two words"}, "definition__function", "letters"),
        ({"headers": "Accept"}, "definition__headers", "no name and colon"),
        ({"headers": "A: 1\nA: 2"}, "definition__headers", "Write A only once."),
        ({"headers": "Host: x"}, "definition__headers", "set by the connection"),
        ({"query": "town: {town}"}, "definition__query", "no such parameter"),
        ({"parameters": "{"}, "definition__parameters", "This is not JSON."),
        ({"parameters": '{"type": "array"}'}, "definition__parameters", "object"),
        ({"body": '{"a": 1}'}, "definition__body", "a GET has no body"),
        ({"pick": "a["}, "definition__pick", "no JMESPath"),
        ({"timeout_seconds": "61"}, "definition__timeout_seconds", "60 or less"),
        ({"retries": "many"}, "definition__retries", "Enter a whole number."),
        ({"secret_parameters": "pin"}, "definition__secret_parameters", "no such"),
    ],
)
def test_error_lands_at_its_field(
    as_alice: Client, changes: dict[str, str], field: str, words: str
) -> None:
    errors = errors_of(as_alice.post(HTTP, sent(**changes)))
    assert field in errors, errors
    assert words.lower() in errors[field][0].lower()
    assert not PlatformTool.objects.filter(kind=Kind.HTTP).exists()


@pytest.mark.parametrize(
    ("boxes", "field"),
    [
        (secret("not a name"), "secret_place_0"),
        (secret("key", "header"), "secret_place_0"),
        (secret("key", "header", row=2), "secret_place_2"),
        (secret("a") | secret("a", row=1), "secret_place_0"),
    ],
)
def test_error_about_a_secret_lands_at_its_line(
    as_alice: Client, boxes: dict[str, str], field: str
) -> None:
    assert list(errors_of(as_alice.post(HTTP, sent() | boxes))) == [field]


@pytest.mark.parametrize("box", ["key", "prefix"])
def test_secret_without_a_name_is_asked_for_it(as_alice: Client, box: str) -> None:
    nameless = secret("", "header", row=1) | {f"secret_place_1_{box}": "X"}
    errors = errors_of(as_alice.post(HTTP, sent() | secret("api_key") | nameless))
    assert errors == {"secret_place_1": ["Name this secret, or empty the whole line."]}


def test_name_that_is_taken_is_refused_in_words(
    as_alice: Client, endpoint_tool: PlatformTool
) -> None:
    errors = errors_of(as_alice.post(HTTP, sent()))
    assert errors == {"name": ["There is a tool of this name: choose another."]}


def test_every_mistake_is_told_at_once(as_alice: Client) -> None:
    fields = sent(url="weather.example.com", function="two words") | {"name": ""}
    errors = errors_of(as_alice.post(HTTP, fields))
    assert {"name", "definition__url"} <= errors.keys()


def test_name_in_other_letters_gets_a_key_too(as_alice: Client) -> None:
    for name in ("Погода", "天気"):
        assert as_alice.post(HTTP, sent() | {"name": name}).status_code == 302
    keys = PlatformTool.objects.filter(kind=Kind.HTTP).values_list("key", flat=True)
    assert sorted(keys) == ["http_1", "http_2"]


def test_key_of_a_deleted_tool_is_given_anew(as_alice: Client) -> None:
    for name in ("Погода", "天気", "날씨"):
        as_alice.post(HTTP, sent() | {"name": name})
    PlatformTool.objects.get(name="天気").delete()
    for name in ("طقس", "מזג אוויר"):
        assert as_alice.post(HTTP, sent() | {"name": name}).status_code == 302
    assert PlatformTool.objects.get(name="מזג אוויר").key == "http_4"


def test_keys_of_others_take_none_away(
    as_alice: Client, rivals_tool: PlatformTool, acme: Organization
) -> None:
    rivals_tool.key = "http_1"
    rivals_tool.save()
    as_alice.post(HTTP, sent() | {"name": "天気"})
    assert PlatformTool.objects.get(organization=acme).key == "http_1"


def test_server_is_looked_at_as_soon_as_it_is_saved(as_alice: Client) -> None:
    fields = {
        "name": "Warehouse",
        "definition__url": "https://mcp.example.com/mcp",
        "definition__timeout_seconds": "8",
    }
    answer = as_alice.post(MCP, fields | secret("token"), follow=True)
    tool = PlatformTool.objects.get(kind=Kind.MCP)
    assert tool.definition["url"] == "https://mcp.example.com/mcp"
    assert tool.secret_names == ["token"]
    assert "Asking the server what it has" in answer.text


def test_error_about_the_whole_server_is_above_the_form(as_alice: Client) -> None:
    url, patience = "definition__url", "definition__timeout_seconds"
    fields = {"name": "W", url: "https://mcp.example.com/{key}", patience: "8"}
    errors = errors_of(as_alice.post(MCP, fields))
    assert "no secret with a placeholder" in errors["__all__"][0]


def test_kind_that_does_not_exist_leads_back_to_the_list(as_alice: Client) -> None:
    for url in (ADD, f"{ADD}?kind=code", f"{ADD}?kind=x"):
        assert as_alice.get(url).status_code == 302


@pytest.mark.parametrize("person", ["ed", "vic"])
def test_only_admins_describe_tools(
    client: Client, request: pytest.FixtureRequest, person: str
) -> None:
    client.force_login(request.getfixturevalue(person))
    assert client.get(HTTP).status_code == 403
    assert client.post(HTTP, sent()).status_code == 403


def test_admin_of_two_organizations_chooses_one_and_not_everybody(
    as_alice: Client, alice: User, rival: Organization
) -> None:
    Organization.objects.create(name="Stranger")
    Membership.objects.create(user=alice, organization=rival, role=Role.ADMIN)
    text = page(as_alice, HTTP)
    assert "Rival</option>" in text and "Stranger" not in text
    assert "everybody" not in text
    assert "organization" in errors_of(as_alice.post(HTTP, sent()))


def test_editor_elsewhere_does_not_describe_tools_there(
    as_alice: Client, alice: User, rival: Organization
) -> None:
    Membership.objects.create(user=alice, organization=rival, role=Role.EDITOR)
    errors = errors_of(as_alice.post(HTTP, sent() | {"organization": rival.pk}))
    assert "Select a valid choice" in errors["organization"][0]


def test_superuser_describes_a_tool_for_everybody(
    admin_client: Client, acme: Organization, rival: Organization
) -> None:
    admin_client.post(HTTP, sent() | {"organization": ""})
    assert PlatformTool.objects.get(kind=Kind.HTTP).organization is None
