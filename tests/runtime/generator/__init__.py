"""Whole programs, made by rule and chance: right ones, and the same with one mistake in it, which comes by a detour.

Nothing of the linter is imported here: what is written is what MindSpore is asked about.
"""
