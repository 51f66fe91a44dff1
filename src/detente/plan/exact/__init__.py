"""The figures and coalitions of the certificate, in exact arithmetic; nothing else uses them."""
