"""What the model is told of a function, and the arguments it gives."""
