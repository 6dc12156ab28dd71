"""Reports: how much residents ask, what is understood, what goes to staff and how long it takes."""
