"""Photos and documents that residents send: made safe to keep and to show, and kept.

``apart`` is what a channel calls: it runs ``cleaning`` in a process with limits, since a decoder fed with a stranger's
bytes can take for ever. ``pictures`` and ``documents`` write a file anew, ``copying`` and ``appearances`` say what of a
PDF is taken over, ``files`` keeps the bytes. No Rasa and no Sanic in here, and no database except in ``sweeper``, which
asks the ledger which files are nobody's.
"""
