"""A month of an office as files to hand in: the Word report, its workbook and its page."""
