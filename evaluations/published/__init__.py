"""Published lists of the old years: which are known, what a file of one says, and which applicants it means."""
