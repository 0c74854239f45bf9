"""Twilio's webhooks: who calls a number, how a leg went on, what to do then."""

from django.urls import path

from telephony_app import twilio_views as views

urlpatterns = [
    path("incoming", views.incoming, name="twilio-incoming"),
    path("fallback", views.fallback, name="twilio-fallback"),
    path("status", views.status, name="twilio-status"),
    path("dial-done", views.dial_done, name="twilio-dial-done"),
    path("forward-done", views.forward_done, name="twilio-forward-done"),
    path("refer", views.status, name="twilio-refer"),
    path("recording", views.recording, name="twilio-recording"),
]
