"""Evidence of the papers about a claim: retrieval, stance, confidence, standing."""
