"""The reading room: the archive as web pages over Datasette. Only the command `serve` imports it."""
