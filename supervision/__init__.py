"""Supervision: matters the desk follows up, and what is recorded past the gate. Its seed is the case file."""
