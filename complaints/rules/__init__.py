"""Pure functions over facts: courses, terms, refusals; each cites its clause."""
