module "b" {
  source = "../b"
  name   = "one"
}
output "out" {
  value = { values = [module.b.arn] }
}
