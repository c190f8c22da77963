"""Shape and type of what is typed about evaluations."""
