"""The department's old ledgers: reading them, and which spellings are one body."""
