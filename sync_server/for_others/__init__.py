"""What the station gives to other programs: who may read, what is read, and who is told of changes."""
