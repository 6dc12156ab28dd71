"""Rasa graph components that turn a resident's words into a query, its details and what may be dangerous."""
