"""Calls out: whom agents may call, how much, and how a call is ordered."""
