"""What is in an HTML part besides its text: links, forms, and what is hidden from the reader."""
