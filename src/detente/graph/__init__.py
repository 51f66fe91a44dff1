"""The conflict graph: which combinations of everybody's options are stable, for whom, and by which foresight."""
