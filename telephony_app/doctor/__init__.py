"""The number doctor: looks whether calls to a number would reach its agent.

Each check is a function that gives findings, each with what to do about it.
"""

from telephony_app.doctor.asking import check_account
from telephony_app.doctor.visit import visit, visit_all

__all__ = ["check_account", "visit", "visit_all"]
