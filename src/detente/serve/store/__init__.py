"""What the workbench keeps: versions of the files, accounts, jobs, and a log of who did what; in SQLite or PostgreSQL."""
