"""The brief's parts: each module turns the findings into what one section shows; None where there is nothing to show."""
