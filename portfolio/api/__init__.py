"""Products, launches and phase-outs over the API."""
