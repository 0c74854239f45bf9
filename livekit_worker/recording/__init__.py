"""The sound of calls that nobody else records: written while they last, then stored."""
