"""A brief on paper: PDF, Word, and the Excel annex with the rows behind every figure."""
