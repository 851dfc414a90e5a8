"""What several tasks share: file formats, the telling of scenes, syntax trees, and shortcuts."""
