"""Figures of speed and size, measured on real files and real processes."""
