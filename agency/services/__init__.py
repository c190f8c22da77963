"""What people do with agencies. One function, one use-case, one transaction."""
