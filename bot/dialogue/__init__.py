"""Conversation: journeys as data, the policy that runs what they share, the tracker store, how words are filled."""
