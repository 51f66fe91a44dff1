"""Pages: what is read works without a script; what is changed says what it needs."""
