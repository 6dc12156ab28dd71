"""Understanding measured against stock Rasa: ``assistant bench nlu``. Not part of the product; run by hand.

``exams`` makes what is learnt and what is asked, ``rivals`` trains the two pipelines and asks them in processes of
their own (``answering``), ``scores`` judges the answers, ``tables`` prints them and draws the plot.
"""
