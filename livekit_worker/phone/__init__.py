"""The telephone in a call: dialled, picked up, keys, voicemail."""
