"""A call from its opening to its end: row, place, room, repair."""
