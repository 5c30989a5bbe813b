"""Proof that what the linter says is so on the real MindSpore. See README.md in this folder."""
