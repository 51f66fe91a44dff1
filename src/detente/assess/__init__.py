"""What is ahead: strategies played out against parties whose types are drawn from the trust."""
