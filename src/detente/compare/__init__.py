"""Several roadmaps side by side, and what speed, safety and trust cost each other."""
