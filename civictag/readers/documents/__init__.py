"""Word, PDF, mail and old office formats, in a process of their own where they need one."""
