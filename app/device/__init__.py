"""Thin faces over what a device offers: clocks, position, battery, secrets. Each has a fake in the tests."""
