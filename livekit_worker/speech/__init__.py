"""Ready-made lines and the agent's voice on their way to the caller."""
