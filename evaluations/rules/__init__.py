"""What the law says of evaluations: pure functions over frozen facts, a thought a module."""
