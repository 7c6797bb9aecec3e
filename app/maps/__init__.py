"""Map packs kept on the device, and the tiles they serve to the screen."""
