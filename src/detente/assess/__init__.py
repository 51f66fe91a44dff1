"""What is ahead: strategies played out, and forecasts that are scored."""
