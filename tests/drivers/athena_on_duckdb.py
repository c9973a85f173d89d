"""Runs statements for Amazon Athena on DuckDB, over a folder of log files.

Standard input: {"folder": ..., "statements": [...]}, the table first. Standard output: for each query its
rows, as objects.

The table's columns are those of the statement that makes it: sqlglot reads it. Members of records get into
them as the SerDe puts them there: names without case, what is a STRING column as the text of its JSON.
"""

import glob
import gzip
import json
import re
import sys
import tempfile

import duckdb
import sqlglot
from sqlglot import exp


def fitted(value, kind):
    """A value as a column of this type has it."""
    if value is None:
        return None
    if kind.is_type(exp.DataType.Type.ARRAY):
        return [fitted(entry, kind.expressions[0]) for entry in value]
    if kind.is_type(exp.DataType.Type.STRUCT):
        members = {name.lower(): inner for name, inner in value.items()}
        return {
            member.name.lower(): fitted(members.get(member.name.lower()), member.args["kind"])
            for member in kind.expressions
        }
    if kind.is_type(exp.DataType.Type.MAP):
        return {name: fitted(inner, kind.expressions[1]) for name, inner in value.items()}
    return value if isinstance(value, str) else json.dumps(value)


def main():
    asked = json.load(sys.stdin)
    table, *queries = asked["statements"]
    made = sqlglot.parse_one(table, dialect="athena")
    columns = {column.name: column.args["kind"] for column in made.find(exp.Schema).expressions
               if isinstance(column, exp.ColumnDef)}
    name = made.find(exp.Table).name
    template = re.search(r"'storage.location.template' = 's3://[^/]+/([^']+)'", table).group(1)
    template = re.escape(template).replace(r"\$\{account\}", r"(?P<account>\d+)")
    template = template.replace(r"\$\{region\}", r"(?P<region>[^/]+)")
    template = template.replace(r"\$\{timestamp\}", r"(?P<timestamp>\d+/\d+/\d+)")
    partitions = re.findall(r"\$\{(\w+)\}", table)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as rows:
        for path in glob.glob(asked["folder"] + "/**/*.json.gz", recursive=True):
            place = re.search(template + "/[^/]+$", path)
            if not place:
                continue
            for record in json.load(gzip.open(path))["Records"]:
                members = {member.lower(): value for member, value in record.items()}
                row = {column: fitted(members.get(column.lower()), kind)
                       for column, kind in columns.items()}
                row |= {partition: place[partition] for partition in partitions}
                print(json.dumps(row), file=rows)
        rows.flush()
        types = {column: kind.sql(dialect="duckdb") for column, kind in columns.items()}
        types |= {partition: "TEXT" for partition in partitions}
        duckdb.sql(
            f"CREATE TABLE {name} AS SELECT * FROM read_json('{rows.name}', columns = {types},"
            " format = 'newline_delimited')"
        )
    answers = []
    for query in queries:
        [translated] = sqlglot.transpile(query, read="athena", write="duckdb")
        answer = duckdb.sql(translated)
        answers.append([dict(zip(answer.columns, row)) for row in answer.fetchall()])
    json.dump(answers, sys.stdout, default=str)


main()
