"""What moves: interactive figures, each a file of markup, script and style beside the others."""
