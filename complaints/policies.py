"""Who may do what: role and scope, never state."""
