"""The web service over the queue engine: what is stored, what is asked over HTTP, the page for parents."""
