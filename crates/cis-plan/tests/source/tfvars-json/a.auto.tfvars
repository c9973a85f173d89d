type = "All"
