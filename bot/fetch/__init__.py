"""The only package that opens sockets to the web."""
