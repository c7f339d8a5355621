"""What organisations would give (供给意向): it holds nothing and promises nothing."""
