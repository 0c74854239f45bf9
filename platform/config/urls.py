"""URLs: the admin is the dashboard, the API lives under `/api/v1/`."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.signing_in import forgotten


def healthz(request: HttpRequest) -> HttpResponse:
    """Tell a load balancer that this process answers."""
    return HttpResponse("ok", content_type="text/plain")


admin.autodiscover()

# Of allauth's own pages none is served: people are made in the admin, no mail leaves
# here, and an address that no mail proved may be anybody's.
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", healthz),
    # The login page leads to a page of this name.
    path("admin/forgotten/", forgotten, name="admin_password_reset"),
    path("admin/", admin.site.urls),
    path("api/v1/", include("agents_app.urls")),
    path("api/v1/", include("telephony_app.urls")),
]
