"""The key figures over the API."""
