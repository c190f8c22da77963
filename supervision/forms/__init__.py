"""What is asked for in supervision. Rules of law live in supervision.rules and in evaluations.rules."""
