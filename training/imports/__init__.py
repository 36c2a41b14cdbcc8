"""Attendance from files: sign-in sheets, e-learning logs, histories from before the system.

A file becomes `lines`; `people` and `held` say who and which offering each line means; `plan` says
what would become of it; `writing` does it.
"""
