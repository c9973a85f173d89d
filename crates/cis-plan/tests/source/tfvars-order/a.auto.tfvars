kind = "All"
