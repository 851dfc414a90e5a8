"""Parts that several tasks share: file formats, generated text, syntax trees, and shortcuts."""
