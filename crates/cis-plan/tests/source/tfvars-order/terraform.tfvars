kind = "ReadOnly"
