"""Methods as authors write them: each must be told to the model as LiveKit tells it."""

import datetime as dt
import uuid
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal, Optional, Union

from pydantic import AnyUrl, BaseModel, Field, SecretStr

from tools_app.base import BaseTool, RunContext, Secret, ToolMetadata, side_effect

Context = RunContext[Any]


class Color(Enum):
    """A color to paint in."""

    RED = "red"
    BLUE = "blue"


class Size(StrEnum):
    SMALL = "s"
    LARGE = "l"


class Address(BaseModel):
    """Where somebody lives."""

    street: str
    city: str = Field(description="The town")
    zip_code: str | None = None


class Person(BaseModel):
    name: str
    address: Address
    friends: list[Address] = []


class Plain:
    """Types as they are."""

    async def nothing(self, context: RunContext) -> str:  # type: ignore[type-arg]
        """Do nothing."""
        return ""

    async def context_with_data(self, context: RunContext[dict[str, int]]) -> None:
        """Take a context that says what it carries."""

    async def context_last(self, city: str, context: Context) -> None:
        """Take the context last."""

    async def context_renamed(self, ctx: Context, city: str) -> None:
        """Call the context otherwise."""

    async def text(self, context: Context, city: str) -> None:
        """Take a text."""

    async def number(self, context: Context, amount: float) -> None:
        """Take a number."""

    async def whole(self, context: Context, count: int) -> None:
        """Take a whole number."""

    async def truth(self, context: Context, is_urgent: bool) -> None:
        """Take a yes or no."""

    async def texts(self, context: Context, names: list[str]) -> None:
        """Take a list."""

    async def set_of_texts(self, context: Context, names: set[str]) -> None:
        """Take a set."""

    async def day(self, context: Context, day: dt.date) -> None:
        """Take a day."""

    async def moment(self, context: Context, at: dt.datetime) -> None:
        """Take a moment."""

    async def clock(self, context: Context, at: dt.time) -> None:
        """Take a time of day."""

    async def length(self, context: Context, length: dt.timedelta) -> None:
        """Take a duration."""

    async def identifier(self, context: Context, id: uuid.UUID) -> None:
        """Take an identifier."""

    async def money(self, context: Context, price: Decimal) -> None:
        """Take an exact number."""

    async def link(self, context: Context, url: AnyUrl) -> None:
        """Take an address."""

    async def password(self, context: Context, password: SecretStr) -> None:
        """Take a password."""


class Optionals:
    """What may be left out."""

    async def optional(self, context: Context, city: str | None = None) -> None:
        """Take a text or nothing."""

    async def optional_old(self, context: Context, city: Optional[str] = None) -> None:  # noqa: UP045
        """Take a text or nothing, as it used to be written."""

    async def nullable(self, context: Context, city: str | None) -> None:
        """Take a text or null, but take it."""

    async def default_text(self, context: Context, city: str = "Rome") -> None:
        """Take a text, Rome where there is none."""

    async def default_number(self, context: Context, count: int = 3) -> None:
        """Take a number, three where there is none."""

    async def default_list(self, context: Context, names: list[str] = []) -> None:  # noqa: B006
        """Take a list, empty where there is none."""

    async def default_false(self, context: Context, fast: bool = False) -> None:
        """Take a yes or no."""

    async def keyword_only(self, context: Context, *, city: str, days: int = 1) -> None:
        """Take them by name."""

    async def optional_model(
        self, context: Context, address: Address | None = None
    ) -> None:
        """Take an address or nothing."""

    async def optional_list(
        self, context: Context, names: list[str] | None = None
    ) -> None:
        """Take a list or nothing."""

    async def either(self, context: Context, value: str | int) -> None:
        """Take one or the other."""

    async def either_or_none(
        self,
        context: Context,
        value: Union[str, int, None] = None,  # noqa: UP007
    ) -> None:
        """Take one or the other or nothing."""


class Choices:
    """What must be one of some."""

    async def literal(self, context: Context, unit: Literal["c", "f"]) -> None:
        """Take one of two."""

    async def literal_one(self, context: Context, unit: Literal["c"]) -> None:
        """Take the only one."""

    async def literal_optional(
        self, context: Context, unit: Literal["c", "f"] | None = None
    ) -> None:
        """Take one of two or nothing."""

    async def literal_default(
        self, context: Context, unit: Literal["c", "f"] = "c"
    ) -> None:
        """Take one of two, the first where there is none."""

    async def enum(self, context: Context, color: Color) -> None:
        """Take a color."""

    async def enum_described(
        self, context: Context, color: Annotated[Color, Field(description="Which")]
    ) -> None:
        """Take a color, told why."""

    async def enum_default(self, context: Context, size: Size = Size.SMALL) -> None:
        """Take a size."""

    async def enum_list(self, context: Context, sizes: list[Size]) -> None:
        """Take sizes."""


class Described:
    """What is said of each."""

    async def annotated(
        self, context: Context, city: Annotated[str, Field(description="A town")]
    ) -> None:
        """Take a described text."""

    async def bounds(
        self,
        context: Context,
        name: Annotated[str, Field(min_length=1, max_length=9, pattern="^a")],
        count: Annotated[int, Field(ge=1, le=10)],
        over: Annotated[float, Field(gt=0, lt=1)],
        many: Annotated[list[str], Field(min_length=1, max_length=3)],
    ) -> None:
        """Take what has limits."""

    async def field_default(
        self, context: Context, city: Annotated[str, Field(default="Rome")]
    ) -> None:
        """Take a text with a default of its own."""

    async def examples(
        self,
        context: Context,
        city: Annotated[str, Field(title="Town", examples=["Rome"])],
    ) -> None:
        """Take a text with examples."""

    async def google(self, context: Context, city: str, days: int = 1) -> None:
        """Tell the weather.

        It knows the next days.

        Args:
            city: Where, as the caller says it.
            days (int): How many days.

        Returns:
            The weather.
        """

    async def sphinx(self, context: Context, city: str) -> None:
        """Tell the weather.

        :param city: Where, as the caller says it.
        :returns: The weather.
        """

    async def numpy(self, context: Context, city: str) -> None:
        """Tell the weather.

        Parameters
        ----------
        city : str
            Where, as the caller says it.
        """

    async def annotated_wins(
        self, context: Context, city: Annotated[str, Field(description="Mine")]
    ) -> None:
        """Tell the weather.

        Args:
            city: Theirs.
        """

    @side_effect
    async def marked(self, context: Context, pin: Annotated[str, Secret()]) -> None:
        """Take a secret and change something."""

    async def named_like_a_method(self, context: Context, json: str, copy: str) -> None:
        """Take names that Pydantic uses itself."""


class Nested:
    """Types made of types."""

    async def model(self, context: Context, address: Address) -> None:
        """Take an address."""

    async def model_described(
        self, context: Context, address: Annotated[Address, Field(description="Home")]
    ) -> None:
        """Take an address, told which."""

    async def models(self, context: Context, people: list[Person]) -> None:
        """Take people."""

    async def same_model_twice(
        self, context: Context, start: Address, end: Address
    ) -> None:
        """Take two of the same."""

    async def lists_of_lists(self, context: Context, rows: list[list[int]]) -> None:
        """Take a table."""

    async def model_or_text(self, context: Context, where: Address | str) -> None:
        """Take an address or words."""

    async def optional_in_list(self, context: Context, names: list[str | None]) -> None:
        """Take texts with gaps."""


class ManySignatures(Plain, Optionals, Choices, Described, Nested, BaseTool):
    """Every signature above as one tool."""

    metadata = ToolMetadata(name="Many signatures")
