output "kind" {
  value = upper("a") == "A" ? "All" : "ReadOnly"
}
output "values" {
  value = concat(["arn:aws:s3:::a/"], ["arn:aws:s3:::b/"])
}
