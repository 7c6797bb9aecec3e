"""An invented border area with a month of patrols, for showing and trying the product."""
