"""Pages of the demand review."""
