"""The council's own web chat: a page for people (page.py) and an interface for programs (api.py), one ``Chat``."""
