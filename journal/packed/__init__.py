"""Lines packed by what is alike in them: streams of version 2 (docs/protocol.md 4.9). Knows shapes of text, and no fact."""
