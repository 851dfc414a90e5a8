"""Rate-limited, retrying HTTP client with size and time limits, caches and safe downloads."""
