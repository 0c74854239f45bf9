"""The agent form: what each field means, in plain words."""

from collections.abc import Mapping
from typing import Any, get_args

from django import forms
from django.conf import settings
from unfold.widgets import UnfoldAdminTextareaWidget

from accounts.owned_admin import OwnedForm
from agents_app import variables
from agents_app.config import AgentConfig, LineName
from agents_app.meanwhile import NoticesOthers
from agents_app.models import Agent
from agents_app.widgets import NumberInput, SpokenLineInput, VoiceSelect

SANDBOX_NOTE = (
    "No Google account is set up, so the built-in sandbox model stands in for "
    "whichever you choose."
)
MODEL_NOTE = (
    "Models marked Vertex AI need a Google Cloud project (GOOGLE_GENAI_USE_VERTEXAI); "
    "the others need GOOGLE_API_KEY."
)
LABELS = {
    "is_active": "Takes calls",
    "system_prompt": "Prompt",
    "max_call_seconds": "Longest call",
    "silence_seconds": "Patience with silence",
}
HELP = {
    "name": "Also what {agent_name} becomes in the spoken lines.",
    "description": "A note for your team; callers never hear it.",
    "is_active": "Takes effect at once, drafts included.",
    "system_prompt": "Who the agent is, what it knows and what it does, written as you "
    "would brief a new colleague. Ask for short answers: they are spoken.",
    "voice": "How the agent sounds.",
    "language": "What the agent speaks from the first word. It follows a caller who "
    "changes language as far as the model can.",
    "temperature": "How freely the model words its answers: 0 says the same thing each "
    "time, 0.8 sounds natural, above 1.2 it may wander.",
    "variables": "Names that prompt and lines use as {name}, each on a line with what "
    "it stands for: <code>first_name = there</code>. Calls that go out may fill them "
    "anew.",
    "greeting": "Spoken the moment a call is answered.",
    "filler": "Said while something that the agent looks up or does takes a while.",
    "silence_question": "Asked when the caller has been silent for a while.",
    "farewell": "Said before the agent ends the call by itself.",
    "unavailable_message": "Said when the agent cannot take the call.",
    "busy_message": "Said to a caller on the phone when every line is taken.",
    "closed_message": "Said on the phone outside a number's opening hours.",
    "voicemail_message": "Left when a voicemail takes a call that goes out. Blank: "
    "hang up without a word.",
    "record_calls": "Keep the sound of each call, to be played on its page. Callers "
    "are told first; in many countries they have to be.",
    "recording_notice": "Said before the greeting when calls are recorded.",
    "resume_message": "Said when the call goes on after an interruption of ours.",
    "max_call_seconds": "The agent says goodbye and ends the call after this time.",
    "silence_seconds": "How long a caller may be silent before the agent asks, and "
    "then again before it ends the call.",
}
NUMBERS = {
    "temperature": "",
    "max_call_seconds": "seconds",
    "silence_seconds": "seconds",
}


class VariablesField(forms.CharField):
    """Variables with their defaults, as lines of text."""

    widget = UnfoldAdminTextareaWidget

    def prepare_value(self, value: Any) -> Any:
        return variables.written(value) if isinstance(value, Mapping) else value

    def to_python(self, value: Any) -> Any:
        """The variables by name; a line that cannot be read is an error in words."""
        try:
            return variables.read(value or "")
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class AgentForm(NoticesOthers, OwnedForm):
    """An agent's working copy; `AgentConfig` says what it accepts."""

    variables = VariablesField(
        required=False,
        help_text=HELP["variables"],
        widget=UnfoldAdminTextareaWidget({"rows": 3}),
    )

    class Meta:
        model = Agent
        fields = "__all__"  # noqa: DJ007  the admin page names its own
        labels = LABELS
        help_texts = HELP
        widgets = {
            "system_prompt": UnfoldAdminTextareaWidget({"rows": 18}),
            "voice": VoiceSelect,
            **dict.fromkeys(get_args(LineName), SpokenLineInput),
            **{name: NumberInput(unit) for name, unit in NUMBERS.items()},
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rules = AgentConfig.model_json_schema()["properties"]
        for name in NUMBERS.keys() & self.fields.keys():
            self._bound(name, rules[name]["minimum"], rules[name]["maximum"])
        if "model" in self.fields:
            note = SANDBOX_NOTE if settings.SANDBOX_MODEL else ""
            self.fields["model"].help_text = f"{MODEL_NOTE} {note}".strip()

    def _bound(self, name: str, lowest: float, highest: float) -> None:
        """Tell the browser and the reader what the config will accept."""
        field = self.fields[name]
        step = 0.1 if isinstance(field, forms.FloatField) else 1
        field.widget.attrs |= {"min": lowest, "max": highest, "step": step}
        field.help_text = f"{field.help_text} From {lowest:g} to {highest:g}."
