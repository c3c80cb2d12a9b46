"""Read, execute and offer pages."""
