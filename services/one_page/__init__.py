"""A web server of one page, by hand."""
