"""Measures the engine and the pages: `python -m bench`. Prints JSON; nothing in it decides whether a test passes."""
