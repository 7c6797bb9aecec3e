"""What two or more screens share: one small part a file, drawn from the same tokens."""
