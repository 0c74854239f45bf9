"""The looks of the admin: names, icons, what the sidebar leads to."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Voice agents",
    "SITE_HEADER": "Voice agents",
    "SITE_SUBHEADER": "AI phone agents on your own servers",
    "SITE_SYMBOL": "call",
    "LOGIN": {"form": "accounts.signing_in.SignInForm"},
    "SITE_URL": None,
    "SHOW_HISTORY": False,
    "SITE_FAVICONS": [
        {
            "rel": "icon",
            "type": "image/svg+xml",
            "href": lambda request: static("admin/favicon.svg"),
        }
    ],
    "STYLES": [
        lambda request: static("admin/voice.css"),
        lambda request: static("admin/tools.css"),
        lambda request: static("admin/telephone.css"),
    ],
    "DASHBOARD_CALLBACK": "telephony_app.dashboard.dashboard",
    "ENVIRONMENT": "telephony_app.dashboard.environment_badge",
    "SIDEBAR": {
        "show_search": False,
        "navigation": [
            {
                "title": "Voice",
                "items": [
                    {
                        "title": "Home",
                        "icon": "home",
                        "link": reverse_lazy("admin:index"),
                    },
                    {
                        "title": "Agents",
                        "icon": "support_agent",
                        "link": reverse_lazy("admin:agents_app_agent_changelist"),
                    },
                    {
                        "title": "Calls",
                        "icon": "call_log",
                        "link": reverse_lazy("admin:telephony_app_call_changelist"),
                    },
                    {
                        "title": "Workers",
                        "icon": "memory",
                        "link": reverse_lazy(
                            "admin:telephony_app_workerheartbeat_changelist"
                        ),
                    },
                ],
            },
            {
                "title": "Telephone",
                "items": [
                    {
                        "title": "Numbers",
                        "icon": "dialpad",
                        "link": reverse_lazy(
                            "admin:telephony_app_phonenumber_changelist"
                        ),
                    },
                    {
                        "title": "Twilio accounts",
                        "icon": "account_balance",
                        "link": reverse_lazy(
                            "admin:telephony_app_twilioaccount_changelist"
                        ),
                    },
                    {
                        "title": "Calling policies",
                        "icon": "policy",
                        "link": reverse_lazy(
                            "admin:telephony_app_callingpolicy_changelist"
                        ),
                    },
                    {
                        "title": "SIP bridge",
                        "icon": "settings_phone",
                        "link": reverse_lazy(
                            "admin:telephony_app_sipbridge_changelist"
                        ),
                        "permission": lambda request: request.user.is_superuser,
                    },
                ],
            },
            {
                "title": "Tools",
                "items": [
                    {
                        "title": "Tools",
                        "icon": "construction",
                        "link": reverse_lazy("admin:tools_app_platformtool_changelist"),
                    },
                    {
                        "title": "Secrets",
                        "icon": "key",
                        "link": reverse_lazy("admin:tools_app_toolsecret_changelist"),
                    },
                    {
                        "title": "Tool calls",
                        "icon": "history",
                        "link": reverse_lazy("admin:tools_app_toolcall_changelist"),
                    },
                ],
            },
            {
                "title": "People",
                "items": [
                    {
                        "title": "Organizations",
                        "icon": "domain",
                        "link": reverse_lazy("admin:accounts_organization_changelist"),
                    },
                    {
                        "title": "Users",
                        "icon": "person",
                        "link": reverse_lazy("admin:accounts_user_changelist"),
                        "permission": lambda request: request.user.is_superuser,
                    },
                ],
            },
        ],
    },
}
