"""What if it goes wrong: re-planning from where things stand, and what to do when a step is missed."""
