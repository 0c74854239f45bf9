"""Appointments in a Google calendar."""
