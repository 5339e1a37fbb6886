"""Prompts for language models, as templates with strict variables."""

from .templates import PromptError, names, prompt_hash, render, source

__all__ = ["PromptError", "names", "prompt_hash", "render", "source"]
