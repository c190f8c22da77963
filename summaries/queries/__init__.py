"""Reading summaries: the register's figures, the years, one agency's own."""
