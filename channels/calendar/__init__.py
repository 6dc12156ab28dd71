"""The calendar feed: a home's bin collections as iCalendar, which phones and computers subscribe to."""
