"""What both sides need before work starts, and how they change together what they agreed on."""
