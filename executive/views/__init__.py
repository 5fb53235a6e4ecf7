"""Pages of the executive review."""
