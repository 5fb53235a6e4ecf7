"""The cycle over the API."""
