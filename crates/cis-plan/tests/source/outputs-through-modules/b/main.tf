variable "name" {}
output "arn" {
  value = "arn:aws:s3:::${var.name}/"
}
