"""The round: both sides go through what waits for both of them, and decide it together (docs/round.md)."""
