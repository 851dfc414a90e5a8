"""Tables as grids of figures under named heads, and the places where a claim names them."""
