"""The number doctor: looks whether calls to a number would reach its agent.

Each check is a function that gives findings, each with what to do about it.
"""

from telephony_app.doctor.visit import Round, visit

__all__ = ["Round", "visit"]
