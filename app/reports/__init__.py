"""Papers and texts made from what is recorded: pure, the same words for the same record."""
