"""Use cases of the executive review."""
