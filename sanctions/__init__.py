"""Adverse decisions: circulars, three years of non-adoption, removals from a list, and what rests on them."""
