"""Twilio's webhooks: who calls a number, how a leg went on, what to do then."""

from django.urls import path

from telephony_app.twilio import transfer_views as transfers
from telephony_app.twilio import views

urlpatterns = [
    path("incoming", views.incoming, name="twilio-incoming"),
    path("fallback", views.fallback, name="twilio-fallback"),
    path("status", views.status, name="twilio-status"),
    path("dial-done", views.dial_done, name="twilio-dial-done"),
    path("forward-done", views.forward_done, name="twilio-forward-done"),
    path("refer", transfers.refer, name="twilio-refer"),
    path("transfer-answered", transfers.answered, name="twilio-transfer-answered"),
    path("transfer-done", transfers.done, name="twilio-transfer-done"),
    path("recording", views.recording, name="twilio-recording"),
]
