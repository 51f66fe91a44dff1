"""Pictures as SVG, drawn from plain data: no script, no font file, colours by class so that dark mode and print can change."""
