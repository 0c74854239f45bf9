"""One of the pages about numbers, with what every admin page has."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

FOLDER = "admin/telephony_app/phonenumber"


def number_page(
    number_admin: ModelAdmin, request: HttpRequest, template: str, **context: Any
) -> TemplateResponse:
    """The page that the template makes of the context."""
    everywhere = number_admin.admin_site.each_context(request) | {
        "opts": number_admin.opts
    }
    return TemplateResponse(request, f"{FOLDER}/{template}", everywhere | context)
