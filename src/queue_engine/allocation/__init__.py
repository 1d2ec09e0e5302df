"""Who gets a place: mechanisms over one market of programmes with capacity, priorities, and lists of wishes."""
