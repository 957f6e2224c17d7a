"""How a language writes what Django's own files for it write otherwise."""
