"""MCP servers as tools: what staff write of one, and asking it."""
