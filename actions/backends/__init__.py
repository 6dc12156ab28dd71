"""The council's back ends: a Protocol per need, its HTTP client on the published standard, and its errors.

No Rasa in here, so that a client can be tested, or used, by itself. ``errors`` says what can go wrong,
``http`` is the one place that sends requests, ``reading`` the one place that distrusts answers.
"""
