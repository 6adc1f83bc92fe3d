"""Loads every table of some folders as three programs do by default, and holds the types to the data dictionary.

Prints one line for each fault; the last line says what was loaded.
"""

import csv
import math
import sys
from pathlib import Path

import duckdb
import pandas
import polars


def dictionary(folder):
    with open(folder / "columns.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    files = {}
    for row in rows:
        files.setdefault(row["file"], {})[row["column"]] = row["type"]
    return files


def of_pandas(path):
    frame = pandas.read_csv(path)
    kinds = {"i": "integer", "f": "float", "b": "boolean", "O": "text", "U": "text", "T": "text"}
    return {name: kinds.get(frame[name].dtype.kind, str(frame[name].dtype)) for name in frame.columns}, frame


def of_polars(path):
    frame = polars.read_csv(path)
    def kind(dtype):
        if dtype.is_integer():
            return "integer"
        if dtype.is_float():
            return "float"
        return {polars.Boolean: "boolean", polars.String: "text"}.get(dtype, str(dtype))
    return {name: kind(dtype) for name, dtype in frame.schema.items()}, frame


def of_duckdb(path):
    table = duckdb.sql(f"SELECT * FROM read_csv('{path}')")
    kinds = {"BIGINT": "integer", "DOUBLE": "float", "BOOLEAN": "boolean", "VARCHAR": "text"}
    types = {name: kinds.get(str(dtype), str(dtype)) for name, dtype in zip(table.columns, table.dtypes)}
    return types, table


def bits(path, types, frame):
    """Floats are read back to the bit."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for name, kind in types.items():
        if kind != "float":
            continue
        for row, seen in zip(rows, frame[name].to_list()):
            written = float(row[name] or "nan")
            seen = float("nan") if seen is None else seen
            if written != seen and not (math.isnan(written) and math.isnan(seen)):
                return f"{path}: {name} is written {row[name]} and read {seen!r}"
    return None


def main():
    tables = columns = 0
    for folder in map(Path, sys.argv[1:]):
        for file, types in dictionary(folder).items():
            path = folder / file
            tables += 1
            columns += len(types)
            for program, load in [("pandas", of_pandas), ("polars", of_polars), ("duckdb", of_duckdb)]:
                try:
                    seen, frame = load(path)
                except Exception as error:  # what any of them says is the fault
                    print(f"{program} cannot load {path}: {error}")
                    continue
                if list(seen) != list(types):
                    print(f"{program}: {path} has other columns than the dictionary says")
                for name, kind in types.items():
                    if seen.get(name) != kind:
                        print(f"{program}: {path}: {name} is {kind} and taken for {seen.get(name)}")
                if program == "polars":
                    fault = bits(path, types, frame)
                    if fault:
                        print(fault)
    print(f"loaded {tables} tables of {columns} columns")


main()
