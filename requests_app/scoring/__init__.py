"""Two-sided blind scoring: how decisive a request is, in the eyes of both sides."""
