"""Batches: any number of articles through a tagger, on as many processes or machines as there are.

``streaming.stream`` writes as it reads; ``resuming.resume`` outlasts faults. Both cut the inputs into
the same kind of chunks (``chunks``), have them done by workers (``worker.work`` in ``executors``, or on a
``cluster``) and give the same bytes whoever did them.
"""
