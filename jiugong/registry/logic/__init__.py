"""How a park's workbook is understood: plain Python, cells in, facts and problems out."""
