"""The doors of the agent page: apps that know more about agents add it here.

An agent has numbers, calls and tools, which live in apps that import this one; so they
register what the page shows of them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin
from unfold.decorators import display

from agents_app.models import Agent

Rows = TypeVar("Rows", bound=QuerySet[Any])
UrlMaker = Callable[[Any], list[URLPattern]]
Panel = Callable[[HttpRequest, Agent], SafeString]


@dataclass(frozen=True)
class Column:
    """A column of a list: what the query computes, made anew for each, and its words.

    `today` means another day tomorrow, so the expression is asked for at each query.
    """

    name: str
    expression: Callable[[], Any]
    show: Callable[[Any], str] = str

    @property
    def title(self) -> str:
        """The heading."""
        return self.name.replace("_", " ").capitalize()

    def of(self, row: Any) -> str:
        """The words of one row."""
        return self.show(getattr(row, self.name))

    @staticmethod
    def on(rows: Rows, columns: list["Column"]) -> Rows:
        """The rows with what the columns show."""
        return rows.annotate(**{c.name: c.expression() for c in columns})

    @property
    def cell(self) -> Callable[[Any], str]:
        """The column as the admin's list wants it."""
        heading = display(description=self.title, ordering=self.name)
        # A plain function, because the admin writes the heading onto it.
        cell: Callable[[Any], str] = heading(lambda row: self.of(row))
        return cell


class Hooks(ModelAdmin):
    """An admin page that other apps add to."""

    url_makers: ClassVar[list[UrlMaker]] = []
    columns: ClassVar[list[Column]] = []
    version_columns: ClassVar[list[Column]] = []
    panels: ClassVar[list[Panel]] = []

    @classmethod
    def register_panel(cls, panel: Panel) -> Panel:
        """Show a section above an agent's form; the panel writes its markup.

        For what has pages of its own: an inline would be part of the agent's form.
        """
        cls.panels.append(panel)
        return panel

    @classmethod
    def register_urls(cls, maker: UrlMaker) -> UrlMaker:
        """Add pages below the agents' own; the maker is given the admin page."""
        cls.url_makers.append(maker)
        return maker

    @classmethod
    def register_column(cls, column: Column) -> None:
        """Add a column to the list of agents."""
        cls.columns.append(column)

    @classmethod
    def register_version_column(cls, column: Column) -> None:
        """Add a column to an agent's list of versions."""
        cls.version_columns.append(column)

    def get_urls(self: Self) -> list[URLPattern]:
        own: list[URLPattern] = super().get_urls()
        return [url for make in self.url_makers for url in make(self)] + own
