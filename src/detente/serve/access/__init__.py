"""Who may do what: the guard before every route, sessions, accounts, limits."""
