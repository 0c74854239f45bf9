"""What is said in every measured call, by either arm's agent and by the caller."""

import json

AGENT = "Ava"
GREETING = "Hello, this is Ava. How can I help you today?"
ANSWER = "Yes."
TYPED = "Are you there?"
SPOKEN = "what can you do"
VOICE = "Puck"
MODEL = "gemini-2.5-flash-native-audio-preview-12-2025"
ANSWERS = 300


def prompt(*first: str) -> str:
    """Instructions by which the sandbox model says `first`, then short answers, each
    without thinking: what is left of a turn's time is the agent's own."""
    replies = [{"say": words} for words in (*first, *[ANSWER] * ANSWERS)]
    script = json.dumps({"replies": replies})
    return f"You are {AGENT}, a friendly phone agent.\n[[sandbox {script}]]"
