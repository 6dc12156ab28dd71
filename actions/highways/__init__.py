"""Highways and travel: the back-end part of what is not a report or a case."""
