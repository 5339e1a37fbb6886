"""The page of a dataset explanation."""

from .page import dataset_page

__all__ = ["dataset_page"]
