output "function_arn" {
  description = "The function."
  value       = aws_lambda_function.function.arn
}

output "function_role_arn" {
  description = "The function's role."
  value       = aws_iam_role.function.arn
}

output "failed_events_url" {
  description = "The queue of failed events."
  value       = aws_sqs_queue.failed_events.url
}
