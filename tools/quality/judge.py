"""Asks Great Expectations: a case a line on standard input, an answer a line on standard output.

A case: {"parquet": path, "expectations": [{"type": …, "kwargs": …, "result_format": … or {…}}]}.
An answer: {"results": [{"success": …, "result": …, "error": message or null}]}."""

import datetime
import io
import json
import logging
import os
import sys
import warnings

os.environ["GX_ANALYTICS_ENABLED"] = "false"
os.environ["TQDM_DISABLE"] = "1"
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)
answers = os.fdopen(os.dup(1), "w")
sys.stdout = io.StringIO()  # the library prints remarks, and draws bars
sys.stderr = io.StringIO()

import great_expectations as gx  # noqa: E402
from great_expectations.expectations.registry import get_expectation_impl  # noqa: E402
import pandas as pd  # noqa: E402

context = gx.get_context(mode="ephemeral")
definition = (
    context.data_sources.add_pandas("judge")
    .add_dataframe_asset("table")
    .add_batch_definition_whole_dataframe("whole")
)


def error_of(result):
    """The message of what an expectation raised."""
    info = result.get("exception_info") or {}
    if "raised_exception" in info:
        return info["exception_message"] if info["raised_exception"] else None
    return next((i["exception_message"] for i in info.values() if i.get("raised_exception")), None)


def plain(value):
    """Values of NumPy and pandas that a result still holds."""
    if hasattr(value, "item"):
        return value.item()
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def decoded(value):
    """Dates and times, which JSON has no form for, as pandas holds them."""
    if isinstance(value, list):
        return [decoded(part) for part in value]
    if isinstance(value, dict):
        if "$date" in value:
            return datetime.date.fromisoformat(value["$date"])
        if "$time" in value:
            return pd.Timestamp(value["$time"]) if value.get("set") else datetime.datetime.fromisoformat(value["$time"])
        return {key: decoded(part) for key, part in value.items()}
    return value


def answer(case):
    batch = definition.get_batch({"dataframe": pd.read_parquet(case["parquet"])})
    results = []
    for expectation in case["expectations"]:
        try:
            made = get_expectation_impl(expectation["type"])(**decoded(expectation["kwargs"]))
            found = batch.validate(made, result_format=expectation["result_format"]).to_json_dict()
            results.append({"success": found["success"], "result": found["result"], "error": error_of(found)})
        except Exception as thrown:  # what it refuses is an answer too
            results.append({"success": False, "result": {}, "error": f"{type(thrown).__name__}: {thrown}"})
    return {"results": results}


for line in sys.stdin:
    answers.write(json.dumps(answer(json.loads(line)), default=plain) + "\n")
    answers.flush()
