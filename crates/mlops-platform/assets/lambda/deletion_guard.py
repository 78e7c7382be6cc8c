"""Refuses the deletion of the platform while somebody still needs it. Everything else is deleted after this.

Invariant: it reads, and changes nothing; if it cannot read, the platform stays.
"""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:  # never run: inline, cr_common.py stands above
    from cr_common import Run, client, serve, text

PROPERTIES = {"DomainId": text, "PortfolioId": text, "PlatformName": text}
OVERRIDE = "/mlops/platform/force-delete"
ADMIN = "ds-admin"
STACK_SET = re.compile(r".+-(inference-stackset-(staging|prod)|monitor-stackset)")
SHOWN = 5


class StillNeededError(Exception):
    """Something would be stranded."""


def listed(operation: Callable, result: str, **how: Any) -> Iterator[dict[str, Any]]:
    """Gives what an operation lists, of all pages. Service Catalog has its own names for the mark of a page."""
    while True:
        page = operation(**how)
        yield from page[result]
        if page.get("NextToken"):
            how["NextToken"] = page["NextToken"]
        elif page.get("NextPageToken"):
            how["PageToken"] = page["NextPageToken"]
        else:
            return


def forced() -> bool:
    """Returns whether the override is set."""
    try:
        return client("ssm").get_parameter(Name=OVERRIDE)["Parameter"]["Value"] == "true"
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        return False


def products(catalog: Any, portfolio: str) -> set[str]:
    """Returns the ids of the portfolio's products: that of projects, and one for the users of each project."""
    try:
        found = listed(catalog.search_products_as_admin, "ProductViewDetails", PortfolioId=portfolio)
        return {product["ProductViewSummary"]["ProductId"] for product in found}
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return set()


def projects(ours: set[str]) -> dict[str, str]:
    """Returns the names of the projects made with our products, each with the id of what was provisioned for it."""
    sagemaker, found = client("sagemaker"), {}
    for project in listed(sagemaker.list_projects, "ProjectSummaryList", MaxResults=100):
        if project["ProjectStatus"] == "DeleteCompleted":
            continue
        told = sagemaker.describe_project(ProjectName=project["ProjectName"])
        if told.get("ServiceCatalogProvisioningDetails", {}).get("ProductId") in ours:
            provisioned = told.get("ServiceCatalogProvisionedProductDetails", {})
            found[project["ProjectName"]] = provisioned.get("ProvisionedProductId", "")
    return found


def needed(run: "Run") -> Iterator[str]:
    """Gives what needs the platform, in the order in which it should go."""
    catalog, domain = client("servicecatalog"), run.properties["DomainId"]
    run.doing("looking for projects")
    ours = products(catalog, run.properties["PortfolioId"])
    found = projects(ours)
    run.doing("looking for provisioned products")
    how = {"AccessLevelFilter": {"Key": "Account", "Value": "self"}, "PageSize": 100}
    for product in listed(catalog.search_provisioned_products, "ProvisionedProducts", **how):
        if product["ProductId"] in ours and product["Id"] not in found.values():
            yield f"provisioned product {product['Name']}"
    run.doing("looking for user profiles")
    profiles = client("sagemaker").list_user_profiles
    for profile in listed(profiles, "UserProfiles", DomainIdEquals=domain, MaxResults=100):
        if profile["UserProfileName"] != ADMIN:
            yield f"user profile {profile['UserProfileName']}"
    yield from (f"project {project}" for project in found)
    run.doing("looking for stack sets")
    for stack_set in listed(client("cloudformation").list_stack_sets, "Summaries", Status="ACTIVE"):
        if STACK_SET.fullmatch(stack_set["StackSetName"]):
            yield f"stack set {stack_set['StackSetName']}"


def name(run: "Run") -> str:
    """Returns the physical id."""
    return f"guard/{run.properties['PlatformName']}"


def remove(run: "Run") -> None:
    """Raises if the stack is being deleted and something still needs it. Nothing does when a creation rolls back."""
    run.doing("asking for the stack's status")
    status = client("cloudformation").describe_stacks(StackName=run.event["StackId"])["Stacks"][0]["StackStatus"]
    if not status.startswith("DELETE_"):
        print(f"nothing to guard: the stack is {status}")
        return
    if forced():
        print(f"nothing is guarded: {OVERRIDE} is true")
        return
    found = list(needed(run))
    if found:
        more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
        raise StillNeededError(
            f"the platform is still needed by {', '.join(found[:SHOWN])}{more}. First terminate the users' products,"
            f" then delete the projects, then the platform. To delete it all the same, set SSM {OVERRIDE} to true"
        )


def handler(event: dict[str, Any], context: Any) -> None:
    """Handles `Custom::DeletionGuard`. A create and an update do nothing."""
    serve(event, context, properties=PROPERTIES, name=name, make=None, remove=remove)
