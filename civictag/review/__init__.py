"""Which paragraphs a person should look at first, and the corrections that come back."""
