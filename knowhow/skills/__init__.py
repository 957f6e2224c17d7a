"""The skills directory and what people can do, teach and want to learn."""
