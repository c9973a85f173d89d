inputs = {
  type = "ReadOnly"
}
