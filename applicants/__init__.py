"""Applicants (培育对象): the factories, parks and supply-chain enterprises that evaluations are made of."""
