"""Lengths of time in words."""


def in_words(seconds: float) -> str:
    """As one would say it, in whole seconds: `12 s`, `1 min 12 s`, `2 h 5 min`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def on_clock(seconds: float) -> str:
    """As a clock shows it: `0:05`, `1:12`, `1:02:05`."""
    minutes, rest = divmod(round(max(0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
