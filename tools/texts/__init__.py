"""Texts: corpora, the phrases in them, and a corpus that ships."""

from .corpus import Corpus, CorpusError, default_corpus
from .phrases import ngrams
from .reading import read_corpus
from .words import content_words, stop_words

__all__ = ["Corpus", "CorpusError", "content_words", "default_corpus", "ngrams", "read_corpus", "stop_words"]
