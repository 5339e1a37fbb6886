"""Programs that the Patchscope speed benchmark sets side by side, each in a process of its own.

Those named after a library run in that library's own virtual environment and know nothing of zetetic.
"""
