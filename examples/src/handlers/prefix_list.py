"""Finds the id of one of AWS's own prefix lists, for the custom resource `Custom::PrefixList`."""

import boto3
import cfnresponse


def handler(event, context):
    status, found, why = cfnresponse.SUCCESS, None, None
    physical_id = event.get("PhysicalResourceId", "none")
    try:
        # A deletion needs nothing: nothing was made.
        if event["RequestType"] != "Delete":
            found = find(event["ResourceProperties"]["Name"])
            physical_id = found["Id"]
    except Exception as error:
        # Whatever happens, CloudFormation must be answered, or it waits for the whole timeout.
        status, why = cfnresponse.FAILED, str(error)
    cfnresponse.send(event, context, status, found or {}, physical_id, reason=why)


def find(name):
    wanted = {"owner-id": "AWS", "prefix-list-name": name}
    filters = [{"Name": key, "Values": [value]} for key, value in wanted.items()]
    lists = boto3.client("ec2").describe_managed_prefix_lists(Filters=filters)["PrefixLists"]
    if not lists:
        raise ValueError(f"AWS has no prefix list {name} in this region")
    return {"Id": lists[0]["PrefixListId"]}
