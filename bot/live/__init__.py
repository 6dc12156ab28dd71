"""Noticing news in the ledger as it happens, in the assistant's process and in the staff's."""
