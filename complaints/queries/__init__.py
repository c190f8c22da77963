"""Reads: lists, one object as seen by a user, facts for rules."""
