locals { f1 = "x" }
resource terraform_data n {}
output "o" { value = local.f1 }
check "c" {
  assert {
    condition = local.f1 == "x"
    error_message = "x"
  }
}
moved {
  from = terraform_data.a
  to   = terraform_data.n
}
