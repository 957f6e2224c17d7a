"""Exchanges and job shadowing: know-how that moves from one person to others, at an agreed hour."""
