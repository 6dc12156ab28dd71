"""Planning and building: the back-end part of its journeys. Nothing here decides: it says what is on record."""
