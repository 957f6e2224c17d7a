"""What requests tell about skills and bridges; the rules stand in knowhow/bridges."""
