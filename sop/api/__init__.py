"""What all API endpoints share: sign-in by token, pages of results, one shape for errors, a document."""
