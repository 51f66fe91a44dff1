"""What is ahead: strategies played out, series forecast, bargains among many actors; each with its error."""
