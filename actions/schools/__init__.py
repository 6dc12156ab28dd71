"""Schools and children: term dates from the council's profile, closed schools from its notices."""
