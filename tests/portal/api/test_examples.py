"""Every operation of the API shows by an example what it takes and what it answers; each fits its shape."""

from collections.abc import Iterator
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from portal.api.docs import document
from portal.api.examples import example_of

JSON = "application/json"
Case = tuple[str, dict[str, Any]]


def contents() -> Iterator[Case]:
    """Everything in JSON that the document's operations take, or answer where all went well."""
    for path, methods in document("en")["paths"].items():
        for method, operation in methods.items():
            taken = operation.get("requestBody", {}).get("content", {})
            if JSON in taken:
                yield f"{method} {path} takes", taken[JSON]
            for status, response in operation["responses"].items():
                if status.startswith("2") and JSON in response.get("content", {}):
                    yield f"{method} {path} answers", response["content"][JSON]


def plain(schema: Any) -> Any:
    """The schema as JSON Schema has it, where null is a type of its own."""
    if isinstance(schema, list):
        return [plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: plain(value) for key, value in schema.items() if key != "nullable"}
    return {"anyOf": [inner, {"type": "null"}]} if schema.get("nullable") is True else inner


@pytest.fixture(scope="module")
def components() -> Any:
    return plain(document("en")["components"])


def test_there_is_an_example_of_everything() -> None:
    bare = [name for name, content in contents() if not content.get("examples")]
    assert bare == []


def test_every_example_fits_its_shape(components: Any) -> None:
    wrong = []
    for name, content in contents():
        schema = {**plain(content["schema"]), "components": components}
        check = jsonschema.Draft202012Validator(schema)
        for example in content["examples"].values():
            wrong += [
                f"{name}: {error.json_path} {error.message}" for error in check.iter_errors(example["value"])
            ]
    assert not wrong, "\n".join(wrong)


def test_an_example_has_all_fields_of_what_is_answered(components: Any) -> None:
    """Answers leave nothing out, so an example that names a field less would promise too little."""
    for name, content in contents():
        wanted = components["schemas"].get(content["schema"].get("$ref", "").rpartition("/")[2], {})
        for example in content["examples"].values():
            if name.endswith("answers") and wanted:
                assert set(example["value"]) == set(wanted["properties"]), name


def test_one_example_may_stand_in_another_and_a_name_that_is_not_written_has_none() -> None:
    (goal,) = example_of("GoalOut")
    (measured,) = example_of("KeyResultOut")
    assert goal.value["key_results"] == [measured.value]
    assert example_of("Nothing") == []
