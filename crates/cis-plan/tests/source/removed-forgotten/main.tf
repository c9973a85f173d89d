removed {
  from = aws_cloudtrail.old
  lifecycle {
    destroy = false
  }
}
