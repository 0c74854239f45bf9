"""LiveKit: its rooms, its SIP bridge, its webhook; nobody else asks it."""
