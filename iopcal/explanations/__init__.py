"""One page a problem code, printed by `iopcal explain`."""
