"""A demonstration council: real HTTP services on the published standards, with their own SQLite.

For development, tests and a first run. It imports nothing of Rasa, so it is up in about a second.
``README.md`` names the postcode for every hard case, and the switch that makes a back end slow or wrong.
"""
