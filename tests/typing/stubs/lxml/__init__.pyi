"""What Postward uses of lxml, which comes without types."""
