"""Buttons of an agent, for any page that shows one."""

from typing import Any

from django import template

from agents_app.links import calling_url, talk_url
from agents_app.models import Agent

register = template.Library()


@register.inclusion_tag("admin/agents_app/agent/verb.html", takes_context=True)
def verb(
    context: dict[str, Any], agent: Agent, verb: str, label: str, confirm: str = ""
) -> dict[str, Any]:
    """A button that does something to the agent: a form of its own, sent by POST."""
    names = {"agent": agent, "verb": verb, "label": label, "confirm": confirm}
    return names | {"csrf_token": context.get("csrf_token")}


@register.inclusion_tag("admin/agents_app/agent/talk_button.html")
def talk_button(agent: Agent) -> dict[str, str]:
    """The way to a conversation; nothing for an agent that takes no calls."""
    return {"url": talk_url(agent)}


@register.inclusion_tag("admin/agents_app/agent/calling_button.html")
def calling_button(agent: Agent) -> dict[str, str]:
    """The way to let the agent call somebody; nothing for the same agents."""
    return {"url": calling_url(agent)}
