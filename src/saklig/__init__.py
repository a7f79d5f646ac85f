"""saklig turns the raw answers of a survey into a complete, neutral, citable publication of facts."""
