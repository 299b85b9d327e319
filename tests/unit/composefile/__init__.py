"""Compose files, right and wrong, and what is read from them."""
