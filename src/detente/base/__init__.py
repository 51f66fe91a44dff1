"""The ground floor: what every part stands on, and that knows nothing of any of them."""
