"""What people do with accounts: one module for signing in, one's own account, and the accounts one manages."""
