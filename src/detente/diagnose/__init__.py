"""Why it is stuck: bargaining zone, demands and deadlock, the verdict."""
