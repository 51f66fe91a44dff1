"""A roadmap in the files of other programs: tables, calendars, project plans, networks."""
