"""The brief as a file to print and to send: PDF and Word, from the same text as the page."""
