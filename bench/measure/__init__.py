"""How the measuring is done: the client, the counting, and what is made of the numbers."""
