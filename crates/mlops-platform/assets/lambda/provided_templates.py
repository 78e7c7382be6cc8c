"""Keeps SageMaker's provided project templates from the platform's roles, or offers them to the Data Science Admin.

Invariant: SageMaker's use of Service Catalog, on which all projects stand, is on while the platform lives. It is
switched off again only if it was off before and no other domain needs it.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # never run: inline, cr_common.py stands above
    from cr_common import Run, client, serve, texts

PROVIDER = "Amazon SageMaker"  # of the portfolio that AWS shares with the account
BEFORE = "/mlops/platform/provided-templates-before"  # the parameter that remembers the switch
TRIES, PAUSE = 6, 5  # a share appears shortly after the switch is on


def desired(value: Any) -> str:
    """Returns the property."""
    if value in ("Disabled", "Offered"):
        return value
    raise ValueError("must be Disabled or Offered")


PROPERTIES = {"Desired": desired, "PrincipalArns": texts}  # the first one is the Data Science Admin's


def unless(code: str, call: Callable, **parameters: Any) -> dict[str, Any] | None:
    """Returns what the call answers; none if it fails with this code."""
    try:
        return call(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] != code:
            raise
    return None


def pages(service: Any, operation: str, key: str, **parameters: Any) -> list[dict[str, Any]]:
    """Returns the entries of all pages."""
    return [entry for page in service.get_paginator(operation).paginate(**parameters) for entry in page.get(key, [])]


def place(run: "Run") -> tuple[str, str]:
    """Returns region and account of the stack."""
    region, account = run.event["StackId"].split(":")[3:5]
    return region, account


def switch_on(run: "Run") -> None:
    """Switches SageMaker's use of Service Catalog on. Remembers, the first time only, how it was."""
    run.doing("switching Service Catalog on in SageMaker")
    sagemaker = client("sagemaker")
    status = sagemaker.get_sagemaker_servicecatalog_portfolio_status().get("Status", "Disabled")
    unless("ParameterAlreadyExists", client("ssm").put_parameter, Name=BEFORE, Type="String", Value=status)
    if status != "Enabled":
        sagemaker.enable_sagemaker_servicecatalog_portfolio()


def switch_back(run: "Run") -> None:
    """Switches it off if it was off before and no other domain may use it. Forgets how it was."""
    run.doing("switching Service Catalog in SageMaker back")
    ssm = client("ssm")
    before = unless("ParameterNotFound", ssm.get_parameter, Name=BEFORE)
    if before is None:
        return
    if before["Parameter"]["Value"] == "Disabled":
        sagemaker = client("sagemaker")
        names = {domain["DomainName"] for domain in pages(sagemaker, "list_domains", "Domains")}
        others = names - {f"{place(run)[0]}-studio-domain"}  # the platform's own still exists
        if others:
            print(f"stays on: {', '.join(sorted(others))} may use it")
        else:
            sagemaker.disable_sagemaker_servicecatalog_portfolio()
    unless("ParameterNotFound", ssm.delete_parameter, Name=BEFORE)


def portfolios(run: "Run", catalog: Any, tries: int) -> list[str]:
    """Returns the ids of SageMaker's portfolios; waits for the first."""
    for left in reversed(range(tries)):
        run.doing("looking for SageMaker's portfolio")
        shares = pages(catalog, "list_accepted_portfolio_shares", "PortfolioDetails", PortfolioShareType="IMPORTED")
        found = [share["Id"] for share in shares if share.get("ProviderName") == PROVIDER]
        if found or not left:
            break
        time.sleep(PAUSE)
    return found


def leave(run: "Run", catalog: Any, portfolio: str, arns: set[str]) -> None:
    """Ends the associations of these principals with the portfolio."""
    run.doing(f"ending associations with {portfolio}")
    for principal in pages(catalog, "list_principals_for_portfolio", "Principals", PortfolioId=portfolio):
        if principal["PrincipalARN"] in arns:
            end = catalog.disassociate_principal_from_portfolio
            unless("ResourceNotFoundException", end, PortfolioId=portfolio, **principal)


def name(run: "Run") -> str:
    """Returns the physical id."""
    region, account = place(run)
    return f"provided-templates/{account}/{region}"


def make(run: "Run") -> None:
    """Switches Service Catalog on, and lets the portfolio have the principals it should have."""
    given, old = run.properties, run.event.get("OldResourceProperties", {})
    switch_on(run)
    offered = given["PrincipalArns"][:1] if given["Desired"] == "Offered" else []
    formerly = old.get("PrincipalArns", [])[:1] if old.get("Desired") == "Offered" else []
    leaving = {*formerly, *([] if offered else given["PrincipalArns"])} - {*offered}
    catalog = client("servicecatalog")
    found = portfolios(run, catalog, TRIES)
    if offered and not found:
        raise RuntimeError(f"no portfolio of {PROVIDER} is shared with this account, so none can be offered")
    for portfolio in found:
        if leaving:
            leave(run, catalog, portfolio, leaving)
        for arn in offered:
            run.doing(f"offering {portfolio} to {arn}")
            catalog.associate_principal_with_portfolio(PortfolioId=portfolio, PrincipalARN=arn, PrincipalType="IAM")


def remove(run: "Run") -> None:
    """Ends the association that an offer made, and switches Service Catalog back."""
    catalog = client("servicecatalog")
    for portfolio in portfolios(run, catalog, 1):
        leave(run, catalog, portfolio, {run.properties["PrincipalArns"][0]})
    switch_back(run)


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles `Custom::ProvidedTemplates`."""
    serve(event, context, properties=PROPERTIES, name=name, make=make, remove=remove)
