"""A small application whose runs take a while, to be killed at."""
