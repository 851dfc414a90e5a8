"""Running text with the place of every character: hyphens, raised marks, sentence ends."""
