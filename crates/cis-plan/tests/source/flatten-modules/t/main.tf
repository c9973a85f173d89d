variable "names" {
  type = list(string)
}
output "arns" {
  value = [for n in var.names : "arn:aws:s3:::${n}/"]
}
