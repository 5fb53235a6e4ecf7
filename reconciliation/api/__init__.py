"""REST endpoints of reconciliation."""
