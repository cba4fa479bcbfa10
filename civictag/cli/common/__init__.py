"""What several verbs need: reading options, outputs, progress, messages, the language."""
