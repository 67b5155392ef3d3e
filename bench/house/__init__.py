"""Where the measuring is done: a database of its own, and the real web server."""
