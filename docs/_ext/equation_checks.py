"""Named Python checks for equations that sampling cannot reach: ``% check: name``."""
