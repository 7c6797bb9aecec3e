"""The station's server: takes in what devices send, and gives each what it may see."""
