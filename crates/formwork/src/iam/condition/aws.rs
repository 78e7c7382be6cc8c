//! The global condition keys: those that requests to any service may have.
//!
//! From <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>, in its
//! order. Keys that only one service knows are generated.

#![allow(non_upper_case_globals, reason = "a key is spelled as IAM spells it")]

use super::key::{ConditionKey, Date, IpRange, Number};
use crate::meaning::{Arn, List};
use crate::value::IntoName;

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $key:literal: $type:ty;)*) => {$(
        $(#[$doc])*
        pub const $name: ConditionKey<$type> = ConditionKey::new($key);
    )*};
}

// Of the principal.
keys! {
    /// `aws:PrincipalArn`: the principal; of an assumed role, the role.
    PrincipalArn = "aws:PrincipalArn": Arn;
    /// `aws:PrincipalAccount`: the account that the principal belongs to.
    PrincipalAccount = "aws:PrincipalAccount": String;
    /// `aws:PrincipalOrgPaths`: where the principal's account stands in the organization.
    PrincipalOrgPaths = "aws:PrincipalOrgPaths": List<String>;
    /// `aws:PrincipalOrgID`: the organization that the principal's account belongs to.
    PrincipalOrgID = "aws:PrincipalOrgID": String;
    /// `aws:PrincipalIsAWSService`: whether a service itself makes the request.
    PrincipalIsAWSService = "aws:PrincipalIsAWSService": bool;
    /// `aws:PrincipalServiceName`: the service principal that makes the request.
    PrincipalServiceName = "aws:PrincipalServiceName": String;
    /// `aws:PrincipalServiceNamesList`: all names of the service principal that makes the request.
    PrincipalServiceNamesList = "aws:PrincipalServiceNamesList": List<String>;
    /// `aws:PrincipalType`: the kind of principal, such as `AssumedRole`.
    PrincipalType = "aws:PrincipalType": String;
    /// `aws:userid`: the principal's unique id; of an assumed role, with the session's name.
    UserId = "aws:userid": String;
    /// `aws:username`: the name of the IAM user.
    Username = "aws:username": String;
}

/// `aws:PrincipalTag/…`: the value of a tag of the principal.
#[must_use]
pub fn principal_tag(key: impl IntoName) -> ConditionKey<String> {
    ConditionKey::with("aws:PrincipalTag/", key, "")
}

// Of the session of a role.
keys! {
    /// `aws:AssumedRoot`: whether the session is one of `sts:AssumeRoot`.
    AssumedRoot = "aws:AssumedRoot": bool;
    /// `aws:FederatedProvider`: the identity provider that the session came through.
    FederatedProvider = "aws:FederatedProvider": String;
    /// `aws:TokenIssueTime`: when the session's credentials were issued.
    TokenIssueTime = "aws:TokenIssueTime": Date;
    /// `aws:SignInSessionArn`: the sign-in session that the credentials belong to.
    SignInSessionArn = "aws:SignInSessionArn": Arn;
    /// `aws:MultiFactorAuthAge`: seconds since the principal proved itself with a second factor.
    MultiFactorAuthAge = "aws:MultiFactorAuthAge": Number;
    /// `aws:MultiFactorAuthPresent`: whether the principal proved itself with a second factor.
    MultiFactorAuthPresent = "aws:MultiFactorAuthPresent": bool;
    /// `aws:ChatbotSourceArn`: the chat configuration that the request came from.
    ChatbotSourceArn = "aws:ChatbotSourceArn": Arn;
    /// `aws:Ec2InstanceSourceVpc`: the VPC of the instance that the credentials were given to.
    Ec2InstanceSourceVpc = "aws:Ec2InstanceSourceVpc": String;
    /// `aws:Ec2InstanceSourcePrivateIPv4`: the private address of the instance that the credentials were given to.
    Ec2InstanceSourcePrivateIPv4 = "aws:Ec2InstanceSourcePrivateIPv4": IpRange;
    /// `aws:SourceIdentity`: what whoever assumed the role said of himself; later sessions cannot change it.
    SourceIdentity = "aws:SourceIdentity": String;
    /// `ec2:RoleDelivery`: the version of the instance metadata service that gave the credentials.
    Ec2RoleDelivery = "ec2:RoleDelivery": Number;
    /// `ec2:SourceInstanceArn`: the instance whose role makes the request.
    Ec2SourceInstanceArn = "ec2:SourceInstanceArn": Arn;
    /// `glue:RoleAssumedBy`: the service that assumed the role for Glue.
    GlueRoleAssumedBy = "glue:RoleAssumedBy": String;
    /// `glue:CredentialIssuingService`: the Glue service that issued the credentials.
    GlueCredentialIssuingService = "glue:CredentialIssuingService": String;
    /// `codebuild:BuildArn`: the build that makes the request.
    CodeBuildBuildArn = "codebuild:BuildArn": Arn;
    /// `codebuild:ProjectArn`: the build project that makes the request.
    CodeBuildProjectArn = "codebuild:ProjectArn": Arn;
    /// `lambda:SourceFunctionArn`: the function whose role makes the request.
    LambdaSourceFunctionArn = "lambda:SourceFunctionArn": Arn;
    /// `ssm:SourceInstanceArn`: the managed instance whose role makes the request.
    SsmSourceInstanceArn = "ssm:SourceInstanceArn": Arn;
    /// `identitystore:UserId`: the user of IAM Identity Center on whose behalf the request is made.
    IdentityStoreUserId = "identitystore:UserId": String;
}

// Of the network.
keys! {
    /// `aws:SourceIp`: the requester's public address; absent through a VPC endpoint.
    SourceIp = "aws:SourceIp": IpRange;
    /// `aws:SourceVpc`: the VPC of the endpoint that the request came through.
    SourceVpc = "aws:SourceVpc": String;
    /// `aws:SourceVpcArn`: the VPC of the endpoint that the request came through, as an ARN.
    SourceVpcArn = "aws:SourceVpcArn": Arn;
    /// `aws:SourceVpce`: the VPC endpoint that the request came through.
    SourceVpce = "aws:SourceVpce": String;
    /// `aws:VpceAccount`: the account of the VPC endpoint that the request came through.
    VpceAccount = "aws:VpceAccount": String;
    /// `aws:VpceOrgID`: the organization of the VPC endpoint that the request came through.
    VpceOrgID = "aws:VpceOrgID": String;
    /// `aws:VpceOrgPaths`: where the VPC endpoint's account stands in the organization.
    VpceOrgPaths = "aws:VpceOrgPaths": List<String>;
    /// `aws:VpcSourceIp`: the requester's address in the VPC of the endpoint.
    VpcSourceIp = "aws:VpcSourceIp": IpRange;
}

// Of the resource.
keys! {
    /// `aws:ResourceAccount`: the account that the resource belongs to.
    ResourceAccount = "aws:ResourceAccount": String;
    /// `aws:ResourceOrgID`: the organization that the resource's account belongs to.
    ResourceOrgID = "aws:ResourceOrgID": String;
    /// `aws:ResourceOrgPaths`: where the resource's account stands in the organization.
    ResourceOrgPaths = "aws:ResourceOrgPaths": List<String>;
}

/// `aws:ResourceTag/…`: the value of a tag of the resource.
#[must_use]
pub fn resource_tag(key: impl IntoName) -> ConditionKey<String> {
    ConditionKey::with("aws:ResourceTag/", key, "")
}

// Of the request.
keys! {
    /// `aws:CalledVia`: the services that made the request on the principal's behalf, in order.
    CalledVia = "aws:CalledVia": List<String>;
    /// `aws:CalledViaFirst`: the first service that made the request on the principal's behalf.
    CalledViaFirst = "aws:CalledViaFirst": String;
    /// `aws:CalledViaLast`: the last service that made the request on the principal's behalf.
    CalledViaLast = "aws:CalledViaLast": String;
    /// `aws:CalledViaAWSMCP`: the managed MCP server that the request came through.
    CalledViaAWSMCP = "aws:CalledViaAWSMCP": String;
    /// `aws:ViaAWSService`: whether a service makes the request on the principal's behalf.
    ViaAWSService = "aws:ViaAWSService": bool;
    /// `aws:ViaAWSMCPService`: whether the request came through a managed MCP server.
    ViaAWSMCPService = "aws:ViaAWSMCPService": bool;
    /// `aws:IsMcpServiceAction`: whether the action is one of an MCP service.
    IsMcpServiceAction = "aws:IsMcpServiceAction": bool;
    /// `aws:CurrentTime`: now.
    CurrentTime = "aws:CurrentTime": Date;
    /// `aws:EpochTime`: now, in seconds since 1970.
    EpochTime = "aws:EpochTime": Date;
    /// `aws:referer`: the HTTP header `Referer`. Anybody can send any.
    Referer = "aws:referer": String;
    /// `aws:RequestedRegion`: the region that the request goes to.
    RequestedRegion = "aws:RequestedRegion": String;
    /// `aws:TagKeys`: the keys of the tags in the request.
    TagKeys = "aws:TagKeys": List<String>;
    /// `aws:SecureTransport`: whether the request was made over TLS.
    SecureTransport = "aws:SecureTransport": bool;
    /// `aws:SourceAccount`: the account for which a service makes the request.
    SourceAccount = "aws:SourceAccount": String;
    /// `aws:SourceArn`: the resource for which a service makes the request.
    SourceArn = "aws:SourceArn": Arn;
    /// `aws:SourceOrgID`: the organization for which a service makes the request.
    SourceOrgID = "aws:SourceOrgID": String;
    /// `aws:SourceOrgPaths`: where the account stands for which a service makes the request.
    SourceOrgPaths = "aws:SourceOrgPaths": List<String>;
    /// `aws:UserAgent`: the HTTP header `User-Agent`. Anybody can send any.
    UserAgent = "aws:UserAgent": String;
}

/// `aws:RequestTag/…`: the value of a tag in the request.
///
/// ```
/// use formwork::prelude::*;
/// let owned = condition::string_equals(condition::aws::request_tag("Owner"), "platform");
/// ```
#[must_use]
pub fn request_tag(key: impl IntoName) -> ConditionKey<String> {
    ConditionKey::with("aws:RequestTag/", key, "")
}
