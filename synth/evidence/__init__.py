"""What the papers say about a claim: retrieval, stance, confidence, standing."""
