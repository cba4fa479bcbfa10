"""What is seen in a sentence, counted over a corpus, and the vocabulary learned from it."""
