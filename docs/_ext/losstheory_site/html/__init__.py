"""Make the pages of the site light, described and usable by keyboard."""
