"""Settings and catalogues that ship with the bot."""
