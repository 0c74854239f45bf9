"""URLs: the admin is the dashboard, the API lives under `/api/v1/`."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView, TemplateView


def healthz(request: HttpRequest) -> HttpResponse:
    """Tell a load balancer that this process answers."""
    return HttpResponse("ok", content_type="text/plain")


admin.autodiscover()
# No mail leaves here: none resets a password, none proves whose an address is.
forgotten = TemplateView.as_view(template_name="account/password_reset.html")
home = RedirectView.as_view(pattern_name="admin:index")

urlpatterns = [
    path("", home),
    path("healthz", healthz),
    path("admin/", admin.site.urls),
    path("accounts/password/reset/", forgotten),
    path("accounts/email/", home),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("agents_app.urls")),
    path("api/v1/", include("telephony_app.urls")),
]
