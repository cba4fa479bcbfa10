"""What every room may use: files written whole, the terminal, dates, colours, resampling, shipped files."""
