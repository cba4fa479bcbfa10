"""Labelled paragraphs to a model: corpus, sentence classifiers, out-of-fold scores."""
