"""Tools in a running call: offered to the model, guarded, written down."""
