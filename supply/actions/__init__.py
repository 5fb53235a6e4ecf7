"""Use cases of the supply room."""
