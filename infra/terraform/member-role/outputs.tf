output "member_role_arn" {
  description = "The role that the function assumes."
  value       = aws_iam_role.member.arn
}
