"""Workbooks from outside and from here: reading, headings, writing.

`reading.read_workbook` takes an upload apart in a child process; `headings.find_table` finds the
list inside a sheet; `writing` makes lists in which text can never become a formula.
"""
