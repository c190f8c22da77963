"""What runs by the clock."""

from scheduling.jobs import Job, Pulse

JOBS: tuple[Job | Pulse, ...] = ()
