"""What the portal's pages, API and workers cost: `make bench`, or `python -m bench --quick`."""
