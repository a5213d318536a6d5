"""Google calendars: what is ours in them, what shall be, and how it gets there."""
