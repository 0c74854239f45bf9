"""The colours of what staff read of tools, one for each state."""

from tools_app.models import Health, Kind, Outcome

KIND_COLOURS = {Kind.CODE: "info", Kind.HTTP: "warning", Kind.MCP: "primary"}
KIND_WORDS = {Kind.CODE: "Code", Kind.HTTP: "HTTP", Kind.MCP: "MCP"}
HEALTH_COLOURS: dict[str, str | None] = {
    Health.UNKNOWN: None,
    Health.GOOD: "success",
    Health.BAD: "danger",
}
OUTCOME_COLOURS = {
    Outcome.RUNNING: "info",
    Outcome.DONE: "success",
    Outcome.INVALID: "warning",
    Outcome.REFUSED: "warning",
    Outcome.FAILED: "danger",
    Outcome.TIMED_OUT: "danger",
    Outcome.BROKEN: "danger",
}
