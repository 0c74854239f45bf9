"""Twilio: its REST API, its webhooks, its TwiML. Nobody else imports its library."""
