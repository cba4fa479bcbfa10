"""What programs call: ``/v1/…``, health and metrics. Paths and fields of ``/v1`` stay compatible."""
