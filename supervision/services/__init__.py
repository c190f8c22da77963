"""Use-cases of supervision: one public function, one transaction."""
