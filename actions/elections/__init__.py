"""Elections and democracy: the back-end part of its journeys, a module for each kind of work."""
