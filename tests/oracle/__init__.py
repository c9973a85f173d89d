"""Verdicts by cvc5, a solver that shares nothing with trailproof.

What the rule means is written here a second time, as formulas over the fields
of one record. Whether a trail surely logs everything, or surely loses
something, is then the solver's to say.
"""
