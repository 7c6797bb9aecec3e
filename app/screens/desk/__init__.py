"""The commander's desk, for a wide screen with mouse and keyboard."""
