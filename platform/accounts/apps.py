"""Accounts: organizations, their people and roles, staff sign-in."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The app that every other app's rows belong to."""

    name = "accounts"
