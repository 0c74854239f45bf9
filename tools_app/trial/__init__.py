"""Staff try a tool with its real secrets."""
