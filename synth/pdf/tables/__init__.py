"""Tables of a page as cells with heads and row names."""
