"""Photos and documents that people send: taken in, made safe to keep and to show, and kept.

``receiving`` and ``multipart`` take a form with a file from a browser. ``apart`` is what cleans it: it runs
``cleaning`` in a process with limits, since a decoder fed with a stranger's bytes can take for ever. ``pictures`` and
``documents`` write a file anew, ``copying`` and ``appearances`` say what of a PDF is taken over, ``files`` keeps the
bytes. Residents' files come through a channel and staff's from the desk; both are treated alike. No Rasa in here, no
Sanic but in ``receiving``, and no database but in ``sweeper``, which asks the ledger which files are nobody's.
"""
