"""第二十二条第一款 (JL-22-1c): the year's summary of each agency, due by 15 December, and what the desk makes of it."""
