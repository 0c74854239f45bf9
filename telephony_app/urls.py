"""API URLs of calls and voice sessions."""

from django.urls import include, path

from telephony_app.calls.api import CallDetail, CallEnd, VoiceSession
from telephony_app.livekit.webhook import livekit_webhook
from telephony_app.outbound.api import CallList
from telephony_app.recordings.api import RecordingSound

urlpatterns = [
    path("voice/session", VoiceSession.as_view(), name="voice-session"),
    path("voice/twilio/", include("telephony_app.twilio.urls")),
    path("voice/livekit/webhook", livekit_webhook, name="livekit-webhook"),
    path("calls", CallList.as_view(), name="calls"),
    path("calls/<str:call_id>", CallDetail.as_view(), name="call"),
    path(
        "calls/<uuid:call_id>/recordings/<int:recording_id>",
        RecordingSound.as_view(),
        name="recording",
    ),
    path("calls/<str:call_id>/end", CallEnd.as_view(), name="call-end"),
]
