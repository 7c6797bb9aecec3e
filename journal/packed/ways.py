"""The ways in which a column is written; the byte before each column names one."""

SAME = 0
"""Each line as the line before it."""
ONE = 1
"""One text for all lines."""
TEXTS = 2
"""Each text in full."""
TABLE = 3
"""Places in the column's table."""
WORDS = 4
"""Words between quotes, by their places among the words of the stream."""
PLAIN = 5
"""Whole numbers."""
STEPS = 6
"""Whole numbers, each less the one before."""
BESIDE = 7
"""Whole numbers, each less the number of another column on its line."""
BESIDE_STEPS = 8
"""The same, each distance less the one before."""
SIGNED = 0x80
"""Added to a way of numbers: 2n stands for n, and 2n + 1 for -n - 1."""
