"""What people write about evaluations: shape and type."""
