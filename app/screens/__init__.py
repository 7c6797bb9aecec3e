"""Screens: the path on disk is the place on screen."""
