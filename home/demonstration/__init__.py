"""A province to try everything on: agencies, people and filings in every state, all invented, all relative to today."""
