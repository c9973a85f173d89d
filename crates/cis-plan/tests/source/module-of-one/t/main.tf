output "bucket" {
  value = "arn:aws:s3:::one/"
}
