"""Agreements read: their text with its places, cut into clauses.

Nothing is imported here: the worker that opens strangers' files comes through this package and must stay light.
"""
