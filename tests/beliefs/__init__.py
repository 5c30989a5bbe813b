"""Random programs in plain Python: what the linter believes of their optimizers, and what Python makes of them.

``grammar.py`` writes programs, ``plain.py`` runs them with stand-ins for MindSpore, ``compare.py`` compares.
"""
