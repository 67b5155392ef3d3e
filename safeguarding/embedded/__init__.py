"""The database, broker and supervisor behind ./run. Standard library only: it works before any package does."""
