"""Everything in SQL: the ledger of conversations and what staff need; SQLite or PostgreSQL by URL.

SQL is written nowhere else. Each module is one family of tables; all take a ``Database`` (engine.py).
"""
