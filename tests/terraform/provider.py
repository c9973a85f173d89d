#!/usr/bin/env python3
"""A provider of Terraform that stands in for AWS's and for `random`.

It has the types that the modules use, with the attributes that schema.json says, keeps nothing, and
answers as a provider does whose resources are all made at once: what is computed gets a made-up value.
Terraform does the rest: it checks the modules against the schema, and computes every attribute.

The protocol is Terraform's plugin protocol 5, over gRPC:
https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol
What is sent are protocol buffers of few fields, which are written and read here by their numbers.
"""

import json
import os
import sys
import threading
from concurrent import futures
from pathlib import Path

import grpc
import msgpack

# Where this file is run from, it has the name of a provider, `terraform-provider-aws_v6.62.0`.
NAME = Path(sys.argv[0]).name.split("-")[2].split("_")[0]
SCHEMA = json.loads((Path(os.environ["STANDIN_SCHEMA"])).read_text())[NAME]
UNKNOWN = msgpack.ExtType(0, b"\x00")

# How a block is nested: https://github.com/hashicorp/terraform/tree/main/docs/plugin-protocol
SINGLE, LIST, SET = 1, 2, 3


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    """A field of a message. Numbers that are 0 are left out."""
    if isinstance(value, int) and not value:
        return b""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def fields(message):
    """The fields of a message that have a length, the last one of each number."""
    at, found = 0, {}

    def number():
        nonlocal at
        value = shift = 0
        while True:
            byte = message[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(message):
        tag = number()
        if tag & 7 == 0:
            found[tag >> 3] = number()
        else:
            length = number()
            found[tag >> 3] = message[at : at + length]
            at += length
    return found


def entry(number, name, value):
    """An entry of a map."""
    return field(number, field(1, name) + field(2, value))


def value_of(dynamic):
    """What a DynamicValue holds: Terraform sends msgpack."""
    return msgpack.unpackb(fields(dynamic)[1], ext_hook=lambda *_: UNKNOWN, strict_map_key=False)


def dynamic(value):
    return field(1, msgpack.packb(value))


def type_of(text):
    """`set(string)` as Terraform's JSON spells it."""
    outer, _, inner = text.partition("(")
    return [outer, inner.rstrip(")")] if inner else outer


def block(schema):
    out = b""
    for name, attribute in schema["attributes"].items():
        kind, _, mode = attribute.partition(" ")
        mode = mode.split()
        out += field(
            2,
            field(1, name)
            + field(2, json.dumps(type_of(kind)))
            + field(4, "required" in mode)
            + field(5, "optional" in mode)
            + field(6, "computed" in mode)
            + field(9, "deprecated" in mode),
        )
    for name, nested in schema.get("blocks", {}).items():
        nesting = SINGLE if name == "timeouts" else SET if nested.get("set") else LIST
        most = 0 if nested["many"] or nesting == SINGLE else 1
        out += field(
            3,
            field(1, name)
            + field(2, block(nested))
            + field(3, nesting)
            + field(4, 1 if nested["required"] else 0)
            + field(5, most),
        )
    return out


def schema(of):
    return field(2, block(of))


def diagnostic(summary):
    """An error."""
    return field(1, 1) + field(2, summary)


def refused(kind, value):
    """What the provider refuses of a resource before it calls AWS."""
    for name, longest in SCHEMA["resources"][kind].get("longest", {}).items():
        if isinstance(value.get(name), str) and len(value[name]) > longest:
            yield f"{kind}: `{name}` has more than {longest} characters: {value[name]}"
    for names in SCHEMA["resources"][kind].get("conflicts", []):
        if all(value.get(name) not in (None, UNKNOWN) for name in names):
            yield f"{kind}: only one of {names} can be given"
    for name in SCHEMA["resources"][kind].get("json", []):
        if isinstance(value.get(name), str):
            try:
                json.loads(value[name])
            except ValueError as error:
                yield f"{kind}: `{name}` is no JSON: {error}"


def planned(of, value):
    """A value with all that is computed and not given unknown."""
    value = dict(value)
    for name, attribute in of["attributes"].items():
        if value.get(name) is None and "computed" in attribute.split(" "):
            value[name] = UNKNOWN
    return value


def made(kind, of, value):
    """A value with a made-up one for all that is unknown."""
    value = dict(value)
    own = value.get("name") or value.get("function_name") or kind
    if isinstance(value.get("name_prefix"), str):
        own = value["name_prefix"] + "0123456789"
    for name, attribute in of["attributes"].items():
        if value.get(name) != UNKNOWN:
            continue
        match attribute.split(" ")[0]:
            case "string" if name == "name":
                value[name] = own
            case "string" if name == "name_prefix":
                value[name] = ""
            case "string" if name == "hex":
                value[name] = "0123456789ab"
            case "string":
                value[name] = f"{name}:{kind}:{own}"
            case "number":
                value[name] = 0
            case "bool":
                value[name] = False
            case kind_of if kind_of.startswith("map"):
                value[name] = {}
            case _:
                value[name] = []
    return value


def get_schema(_):
    out = field(1, schema(SCHEMA["provider"]))
    for number, kinds in ((2, "resources"), (3, "data")):
        for name, of in SCHEMA[kinds].items():
            out += entry(number, name, schema(of))
    return out


def prepare_provider(request):
    return field(1, fields(request)[1])


def nothing(_):
    return b""


def validate_resource(request):
    request = fields(request)
    kind = request[1].decode()
    return b"".join(field(1, diagnostic(it)) for it in refused(kind, value_of(request[2])))


def upgrade(request):
    # The state is the one that was written a moment ago: JSON of the same schema.
    state = json.loads(fields(fields(request)[3])[1])
    return field(1, dynamic(state))


def read(request):
    return field(1, fields(request)[2])


def plan(request):
    request = fields(request)
    proposed = value_of(request[3])
    if proposed is not None:
        proposed = planned(SCHEMA["resources"][request[1].decode()], proposed)
    return field(1, dynamic(proposed))


def apply(request):
    request = fields(request)
    kind = request[1].decode()
    value = value_of(request[3])
    if value is not None:
        value = made(kind, SCHEMA["resources"][kind], value)
    return field(1, dynamic(value))


def read_data(request):
    request = fields(request)
    of = SCHEMA["data"][request[1].decode()]
    known = of.get("values", {})
    value = value_of(request[2])
    value = {name: known.get(name, value[name]) for name in value}
    kind = request[1].decode()
    return field(1, dynamic(made(kind, of, planned(of, value))))


METHODS = {
    "/tfplugin5.Provider/GetSchema": get_schema,
    "/tfplugin5.Provider/PrepareProviderConfig": prepare_provider,
    "/tfplugin5.Provider/ValidateResourceTypeConfig": validate_resource,
    "/tfplugin5.Provider/ValidateDataSourceConfig": nothing,
    "/tfplugin5.Provider/UpgradeResourceState": upgrade,
    "/tfplugin5.Provider/Configure": nothing,
    "/tfplugin5.Provider/ReadResource": read,
    "/tfplugin5.Provider/PlanResourceChange": plan,
    "/tfplugin5.Provider/ApplyResourceChange": apply,
    "/tfplugin5.Provider/ReadDataSource": read_data,
    "/tfplugin5.Provider/Stop": nothing,
}


class Calls(grpc.GenericRpcHandler):
    def service(self, details):
        if details.method == "/plugin.GRPCController/Shutdown":
            done.set()
            return grpc.unary_unary_rpc_method_handler(lambda request, context: b"")
        method = METHODS.get(details.method)
        if method is None:
            return None
        return grpc.unary_unary_rpc_method_handler(lambda request, context: method(request))


done = threading.Event()
server = grpc.server(futures.ThreadPoolExecutor(8))
server.add_generic_rpc_handlers((Calls(),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(f"1|5|tcp|127.0.0.1:{port}|grpc", flush=True)
done.wait()
server.stop(0.1).wait()
