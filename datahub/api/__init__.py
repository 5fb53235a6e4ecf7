"""The data hub over HTTP for programs."""
