"""The network under every request of a tool: guarded and watched."""
