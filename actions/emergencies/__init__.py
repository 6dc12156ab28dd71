"""Emergencies: flood warnings near a place, and what the council warns of now."""
