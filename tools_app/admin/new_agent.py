"""*New from template*: an agent with a prompt, a greeting and tools to start from."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.admin_scope import user_of
from accounts.models import Organization, Role, User
from agents_app.admin import AgentAdmin
from agents_app.models import Agent
from tools_app.admin.looking import look_soon
from tools_app.agent_templates import agent_templates, make_agent
from tools_app.models import PlatformTool


class NewAgentForm(forms.Form):
    """What a template leaves open."""

    template = forms.ChoiceField(
        error_messages={"required": "Choose a template to start from."}
    )
    name = forms.CharField(
        max_length=80,
        widget=UnfoldAdminTextInputWidget,
        help_text="How the agent introduces itself.",
    )
    business = forms.CharField(
        max_length=80,
        widget=UnfoldAdminTextInputWidget,
        label="Name of the business",
        help_text="Said in the greeting, and told in the prompt.",
    )
    organization = forms.ModelChoiceField(
        Organization.objects.none(), widget=UnfoldAdminSelectWidget
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        templates = agent_templates()
        theirs = Organization.objects.for_user(user, role=Role.EDITOR)
        home = user.only_organization
        self.fields["template"].choices = [(k, t.name) for k, t in templates.items()]  # type: ignore[attr-defined]
        self.fields["organization"].queryset = theirs  # type: ignore[attr-defined]
        self.fields["organization"].initial = home
        self.fields["business"].initial = home.name if home else ""
        if home:
            self.fields["organization"].widget = forms.HiddenInput()

    def make(self) -> Agent | None:
        """The agent; None when its organization refuses it, with the words here."""
        values = dict(self.cleaned_data)
        template = agent_templates()[values.pop("template")]
        try:
            return make_agent(template, **values)
        except ValidationError as error:
            self.add_error("name", error.messages)
            return None


def new_agent(agent_admin: AgentAdmin, request: HttpRequest) -> HttpResponse:
    """Choose a template, name the agent, and go to its page."""
    if not agent_admin.has_add_permission(request):
        raise PermissionDenied
    sent = request.POST if request.method == "POST" else None
    form = NewAgentForm(user_of(request), sent)
    agent = form.make() if form.is_valid() else None
    if agent is None:
        return _page(agent_admin, request, form)
    look_soon(agent.tools.values_list("pk", flat=True))
    words = "The agent is made. Nobody can call it until you publish it."
    messages.success(request, words)
    return redirect("admin:agents_app_agent_change", agent.pk)


def _page(
    agent_admin: AgentAdmin, request: HttpRequest, form: NewAgentForm
) -> HttpResponse:
    context = agent_admin.admin_site.each_context(request) | {
        "title": "New agent from template",
        "opts": agent_admin.opts,
        "form": form,
        "cards": _cards(user_of(request)),
    }
    return TemplateResponse(
        request, "admin/tools_app/agent/from_template.html", context
    )


def _cards(user: User) -> list[dict[str, Any]]:
    """Each template with its tools, those of them that the platform has not too."""
    visible = PlatformTool.objects.for_user(user).filter(removed_at=None)
    known = {tool.key: tool for tool in visible}
    return [
        {
            "key": key,
            "template": template,
            "tools": [(wanted, known.get(wanted.key)) for wanted in template.tools],
        }
        for key, template in agent_templates().items()
    ]


@AgentAdmin.register_urls
def from_template_url(agent_admin: AgentAdmin) -> list[URLPattern]:
    """The page is beside *Add agent*."""

    def view(request: HttpRequest) -> HttpResponse:
        return new_agent(agent_admin, request)

    wrapped = agent_admin.admin_site.admin_view(view)
    return [path("from-template/", wrapped, name="agent_from_template")]
