"""The labelling desk at ``/label``: paragraphs to people, their decisions to a database, models from them."""
