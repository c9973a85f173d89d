# comment
// comment
/* block
comment */
variable x_unquoted { default = "v" }
variable "y" {
  type = object({
    a = optional(string, "d")
    b = optional(list(object({ c = optional(number, 1) })), [{}])
  })
  default = {}
}
variable "z" {
  type = map(object({ multi = optional(bool, true), names = optional(set(string), ["q"]) }))
  default = { one = {}, two = { multi = false } }
}
variable "t" {
  type    = tuple([string, number])
  default = ["a", "2"]
}
variable "n" {
  type     = string
  default  = "dflt"
  nullable = false
}
variable "l" {
  type    = list
  default = []
}
variable "anyl" {
  type    = list(any)
  default = ["a", 1]
}
variable "anym" {
  type    = map(any)
  default = { a = 1, b = "x" }
}
variable "q" {
  type    = string
  default = "q"
}
locals {
  s1 = jsonencode(<<EOT
a ${1 + 1}
EOT
  )
}

locals {
  s2 = [<<EOT
x
EOT
    , "b"]
}

locals {
  s3 = (
    true
    && !false
    || 1 >
    2
  )
}

locals {
  s4 = {
    a = 1, b = 2
    c = 3
    "d" : 4,
  }
}

locals {
  s5 = [for k, v in {
    a = 1
    } : {
    k = v
  }]
}

locals {
  s6 = concat(
    ["a"],
    ["b"],
  )
}

locals {
  s7 = true ? "a" : (
    false ? "b" : "c"
  )
}

locals {
  s8 = "${"${"a"}"}b"
}

locals {
  s9 = "a${true ? "\"q\"" : "n"}c"
}

locals {
  s10 = <<-EOT
    l1
      l2
    l3
  EOT
}

locals {
  s11 = <<EOT
%{ for x in ["a", "b"] ~}
- ${x}
%{ endfor ~}
end
EOT
}

locals {
  s12 = { for x in ["a"] : x => x } /* c */ # d
}

locals {
  s13 = [1, 2, 3][1]
}

locals {
  s14 = var.y
}

locals {
  s15 = var.z
}

locals {
  s16 = var.t
}

locals {
  s17 = var.n
}

locals {
  s18 = var.l
}

locals {
  s19 = var.anyl
}

locals {
  s20 = var.anym
}

locals {
  s21 = var.q
}

locals {
  s22 = var.x_unquoted
}

locals {
  s23 = { "a.b" = 1 }["a.b"]
}

locals {
  s24 = [[1, 2], [3]][*][0]
}

locals {
  s25 = "tab\tnew\nuni\u00e9"
}

locals {
  s26 = "%{ if true }yes%{ endif }"
}

locals {
  s27 = 1.0 == 1 ? "same" : "other"
}

locals {
  s28 = { a = 1, a = 2 }
}

locals {
  s29 = [ for x in [1,2,3] : x
          if x > 1 ]
}

locals {
  s30 = -1 + 2
}

locals {
  s31 = !true ? 1 : 0
}

locals {
  s32 = try(local.s4.zzz, local.s4["a"], "no")
}

locals {
  s33 = { (local.s22) = "k" }
}

locals {
  s34 = { for k, v in { a = 1, b = 2 } : v => k... }
}

locals {
  s35 = <<EOT

EOT
}

locals {
  s36 = <<EOT
EOT
}

locals {
  s37 = "a\\b"
}

locals {
  s38 = "$${x} %%{y} $x %y $"
}

locals {
  s39 = [
    # c
    1, // d
    /* e */ 2
  ]
}

locals {
  s41 = max([1, 2]...)
}

locals {
  s42 = upper  ("a")
}

locals {
  s43 = [for i in range(2): "x${i}"]
}

locals {
  s44 = {
    a = <<EOT
in obj
EOT
    b = 2
  }
}
