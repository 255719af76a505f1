"""What is kept between starts: conversations, and questions the notes did not answer."""
