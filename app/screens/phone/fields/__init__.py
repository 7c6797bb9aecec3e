"""One renderer for each type of field of the catalogue."""
