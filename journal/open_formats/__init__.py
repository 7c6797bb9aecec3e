"""What leaves for other programs: records as features, what of them may leave, and the files that those programs open."""
