"""People at home on both sides, those who could be, who learns from whom, and what joins teams."""
