"""An agent's tools made ready for a call, secrets in the clear."""
