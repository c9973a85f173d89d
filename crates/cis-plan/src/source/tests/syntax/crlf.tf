locals {
  c1 = "a"
  c2 = <<EOT
x
y
EOT
  c3 = [
    1,
    2
  ]
}
