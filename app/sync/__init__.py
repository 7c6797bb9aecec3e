"""Sending and reading: when, how often, and by which requests; never a rule of who may, never a claim better than the truth."""
