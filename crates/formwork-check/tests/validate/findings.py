"""Writes what cloudformation-validate says of public templates, for the test beside it.

    pip install cloudformation-validate==1.14.0
    python findings.py CORPUS findings.json

CORPUS holds templates and a `cfn-lint-*.json` whose keys name them. Of each the findings are written, whatever their
severity, for the region that the check takes where none is named; and of each rule what it looks for.
"""

import json
import sys
from pathlib import Path

from cloudformation_validate import (
    CompositeEngine,
    PseudoParameterOverrides,
    ValidateConfig,
)

REGION = "us-east-1"


def finding(found) -> dict:
    return {
        "rule": found.rule_id,
        "line": found.start_line or 0,
        "id": found.entity.logical_id if found.entity else "",
        "property": found.property_path or "",
        "message": found.message,
    }


def main(corpus: Path, out: Path) -> None:
    engine = CompositeEngine()
    config = ValidateConfig(
        pseudo_parameter_overrides=PseudoParameterOverrides(region=REGION)
    )
    files = json.loads(next(corpus.glob("cfn-lint-*.json")).read_text(encoding="utf-8"))
    found = {
        file: [
            finding(one)
            for one in engine.validate_template(corpus / file, config).diagnostics
        ]
        for file in sorted(files)
    }
    rules = {rule.id: rule.description for rule in engine.list_rules()}
    text = json.dumps({"rules": rules, "findings": found}, indent=1, sort_keys=True)
    out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
