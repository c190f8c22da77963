"""Evaluations: which agency evaluates whom, for which list, under which rules (第十条至第十二条、第二十一条起)."""
