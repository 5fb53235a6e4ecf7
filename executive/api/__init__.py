"""REST endpoints of the executive review."""
