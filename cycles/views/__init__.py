"""Pages of the planning cycle."""
