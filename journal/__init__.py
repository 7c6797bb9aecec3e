"""What phone and server must agree on: entries, clock, chain, folding, access, wire and exchange. Pure: no I/O of its own."""
