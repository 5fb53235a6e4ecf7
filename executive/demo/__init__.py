"""A demo company taken through whole months by the real use cases, with a seed."""
