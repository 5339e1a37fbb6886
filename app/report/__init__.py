"""A run as one self-contained HTML file, and as a notebook shows it."""

from .writing import NotebookReport, ReportError, render_report, write_report

__all__ = ["NotebookReport", "ReportError", "render_report", "write_report"]
