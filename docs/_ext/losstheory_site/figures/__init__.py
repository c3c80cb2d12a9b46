"""Show the drawings of the gallery."""
