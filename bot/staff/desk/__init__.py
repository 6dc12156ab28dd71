"""The desk: what residents left for staff, and what was said before."""
