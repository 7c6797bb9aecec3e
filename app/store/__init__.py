"""The device's store: what was recorded, sealed and durable on disk; its views in memory; the keys and the PIN."""
