"""Where a bargain among many actors is likely to end: positions, salience and capability in, a distribution out."""
