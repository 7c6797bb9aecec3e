"""Field sense, pure: fixes, tracks and the nearest known place."""
