"""The switches: what can be switched off while everything runs. So far the web chat."""
