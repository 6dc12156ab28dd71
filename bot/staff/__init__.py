"""The staff's web application: a process of its own that needs neither Rasa nor TensorFlow.

``app.py`` puts it together, ``guard.py`` stands before every route, ``permissions.py`` says who may use which.
Each part of the application is a package with its own blueprint: ``accounts/``, ``desk/``, ``switches/``.
"""
