"""The patrol's phone, for one hand."""
