"""Use-cases of an agency with its summary: one public function, one transaction."""
