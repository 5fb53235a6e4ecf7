"""Pages of the supply review."""
