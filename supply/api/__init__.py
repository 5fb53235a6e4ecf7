"""The supply plan over the API."""
