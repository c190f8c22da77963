"""Work by the clock: the days' jobs, their ledger, who may run them, and the working days of the calendar."""
