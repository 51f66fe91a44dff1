"""What is ahead: strategies played out under what may come, what warns early, what decides."""
