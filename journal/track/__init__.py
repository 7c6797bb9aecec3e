"""Fixes of a receiver: packed for the journal, judged, and split where the way between two of them is not known."""
