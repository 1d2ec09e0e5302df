"""The pages people read, made on the server; they work without scripts and load nothing from elsewhere."""
