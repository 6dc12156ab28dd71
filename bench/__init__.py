"""Measurements, run by hand; each prints a table that a page under docs/ holds."""
