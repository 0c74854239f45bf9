"""Parts of a page that the page fetches by itself, again and again."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

View = Callable[..., HttpResponse]


def fragment(view: View) -> View:
    """A view whose answer htmx puts into a page.

    Where it would lead elsewhere, as to the login once the session has ended, the
    whole page is loaded anew and goes there: htmx would put the login into the page
    (https://htmx.org/headers/hx-refresh/).
    """

    @wraps(view)
    def fetched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, *args, **kwargs)
        if isinstance(answer, HttpResponseRedirect) and "HX-Request" in request.headers:
            return HttpResponse(status=401, headers={"HX-Refresh": "true"})
        return answer

    return fetched
