"""Reads of the supply room. Modules that need numpy are imported by workers only: ``case``, ``structure``."""
