"""Other ways to bring the same records to a server, each as small as it can be, for a comparison in one run."""
