"""What scripts/describe_mindspore.py does: describe one release, put descriptions together, compare."""
