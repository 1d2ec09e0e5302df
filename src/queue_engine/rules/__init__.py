"""Rule files: read, amended, checked, read back in words, and evaluated in two independent ways."""
