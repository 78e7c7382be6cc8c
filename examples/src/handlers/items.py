"""Answers the HTTP API: stores a text under an id, and gives it back."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    key = {"id": event["pathParameters"]["id"]}
    if event["routeKey"].startswith("PUT "):
        if event.get("isBase64Encoded"):
            return answer(415, {"message": "send text, such as text/plain"})
        table.put_item(Item={**key, "text": event.get("body", "")})
        return answer(200, key)
    item = table.get_item(Key=key).get("Item")
    return answer(200, item) if item else answer(404, {"message": "no such item"})


def answer(status, body):
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body),
    }
