"""The exchanges over HTTP, one file each: no rules and no SQL here."""
