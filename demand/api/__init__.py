"""The demand plan over the API."""
