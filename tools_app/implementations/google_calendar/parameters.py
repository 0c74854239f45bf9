"""What the functions take, as the model is told of it."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field

from tools_app.functions.specs import FunctionSpec

MOST_OFFERED = 5

Day = Annotated[str, Field(description="The day as YYYY-MM-DD, such as 2030-11-26.")]
OtherDay = Annotated[
    str | None, Field(description="The new day as YYYY-MM-DD, if it changes.")
]
OnlyDay = Annotated[
    str | None, Field(description="Only on this day, as YYYY-MM-DD; else all to come.")
]
FirstDay = Annotated[
    str | None,
    Field(description="From when on, as 2030-11-26 or 2030-11-26T15:00; else now."),
]
Clock = Annotated[
    str, Field(description="The time of day by the 24-hour clock, such as 15:00.")
]
WishedClock = Annotated[
    str | None, Field(description="The time that the caller wishes, such as 15:00.")
]
OtherClock = Annotated[
    str | None, Field(description="The new time such as 15:00, if it changes.")
]
Minutes = Annotated[
    int | None,
    Field(ge=5, le=480, description="How many minutes it takes, if not as usual."),
]
Count = Annotated[
    int, Field(ge=1, le=MOST_OFFERED, description="How many; 3 if left out.")
]
PartOfDay = Annotated[
    Literal["morning", "afternoon", "evening"] | None,
    Field(description="When the caller wishes only such times."),
]
Title = Annotated[
    str,
    Field(min_length=1, max_length=200, description="What the appointment is for."),
]
OtherTitle = Annotated[
    str | None, Field(max_length=200, description="What it is for now, if it changes.")
]
Name = Annotated[
    str,
    Field(min_length=1, max_length=200, description="Whose appointment it is."),
]
KnownName = Annotated[
    str | None, Field(description="The name that the appointment is under.")
]
Phone = Annotated[
    str | None,
    Field(max_length=40, description="The number to call back, if it was told."),
]
Email = Annotated[
    str | None, Field(max_length=200, description="The email address, if it was told.")
]
Notes = Annotated[
    str | None,
    Field(max_length=1000, description="What else matters for the appointment."),
]
EventId = Annotated[
    str, Field(description="The event_id that list_events or create_event gave.")
]

DAYS = ("date", "after")


def with_today(spec: FunctionSpec, today: str) -> FunctionSpec:
    """The function with what day it is told at each parameter that is a day: models do
    not know it, and "next Tuesday" needs it."""
    properties = {
        name: _with(schema, today) if name in DAYS else schema
        for name, schema in spec.parameters["properties"].items()
    }
    return replace(spec, parameters={**spec.parameters, "properties": properties})


def _with(schema: dict[str, Any], today: str) -> dict[str, Any]:
    return {**schema, "description": f"{schema['description']} {today}"}
