"""Notices by mail and short message: making them, handing them over, the officers' digests."""
