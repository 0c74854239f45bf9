"""Stand-ins for services that need a paid account: their protocols, on loopback."""
