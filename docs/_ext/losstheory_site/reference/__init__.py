"""Link the reference to its users."""
