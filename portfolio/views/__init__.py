"""Pages of the product review."""
