"""In-app notices of decisions that concern somebody."""
