"""The report as tables: one shape from which the workbook and the printed report are drawn."""
