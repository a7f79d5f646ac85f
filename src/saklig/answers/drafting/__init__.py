"""What a data file says of itself, read by the patterns of its names, labels and values."""
