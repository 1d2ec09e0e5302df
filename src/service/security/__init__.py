"""Who is asking, what a role may do and how far, and the record of what was done."""
