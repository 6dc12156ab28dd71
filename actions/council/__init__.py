"""The council itself: what became of a report or a case."""
