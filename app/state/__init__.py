"""What screens draw and the verbs they call: the device behind a page, and the state of one page."""
