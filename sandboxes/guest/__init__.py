"""What runs inside a sandbox, and the wire that both sides share. Standard library only, and numpy where it is.

These files are imported on both sides: in the host as `zetetic.sandboxes.guest`, inside the sandbox as the
top-level package `guest`, where the framework itself cannot be reached.
"""
