"""What can be wrong with a file, and with one row of it."""


class FileRefused(Exception):
    """The file as a whole cannot be read; nothing of it is imported. The text is for a person."""


class RowRefused(Exception):
    """One row cannot be imported, the others can. The text is for a person."""
