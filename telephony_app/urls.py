"""API URLs of calls and voice sessions."""

from django.urls import include, path

from telephony_app.api import CallDetail, CallEnd, VoiceSession
from telephony_app.outbound_api import CallList
from telephony_app.recording_api import RecordingSound
from telephony_app.webhook import livekit_webhook

urlpatterns = [
    path("voice/session", VoiceSession.as_view(), name="voice-session"),
    path("voice/twilio/", include("telephony_app.twilio_urls")),
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
