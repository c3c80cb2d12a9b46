"""What a teacher takes into class: slides and sheets made from the pages, and links to states."""
