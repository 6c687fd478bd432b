"""How articles look in Discord."""
