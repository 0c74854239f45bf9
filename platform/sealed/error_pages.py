"""Error pages and reports that hold no secret, for developers' eyes too."""

import re
from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter


class SecretsHidden(SafeExceptionReporterFilter):
    """What is marked sensitive, or named like a secret, is dots in debug mode as well.

    Django hides it in reports of a production site only; but a page that fails while
    staff enter a secret is looked at, pasted and photographed wherever it comes up.
    """

    hidden_settings = re.compile(
        f"{SafeExceptionReporterFilter.hidden_settings.pattern}|SENSITIVE", re.I
    )

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> dict[str, Any]:
        """What a form sent, by names."""
        sent = super().get_post_parameters(request)
        return {name: self.cleanse_setting(name, sent[name]) for name in sent}

    def get_traceback_frame_variables(
        self, request: HttpRequest | None, tb_frame: FrameType
    ) -> ItemsView[str, Any]:
        """A frame's variables, those of Django's own functions too."""
        # It goes through a row's values one by one, all under the same name.
        if tb_frame.f_code is models.Model.__init__.__code__:
            return dict.fromkeys(tb_frame.f_locals, self.cleansed_substitute).items()
        found = super().get_traceback_frame_variables(request, tb_frame)
        return {
            name: self.cleanse_setting(name, value) for name, value in found
        }.items()
