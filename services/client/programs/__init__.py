"""The client programs of the course: each a small script that prints what it does."""
