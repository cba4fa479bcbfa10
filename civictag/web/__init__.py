"""The service and its pages: REST for programs, a page to tag and correct, a desk to label.

``app.create_app`` puts them together, ``server.serve`` runs them. Needs the extra ``[web]``.
"""
