"""Shape and type of what is typed."""
