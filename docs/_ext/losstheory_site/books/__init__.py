"""Bind the site as an EPUB and print it as a PDF."""
