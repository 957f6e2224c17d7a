"""Was it worth it: what a delivery came to, asked for, recorded, and counted."""
