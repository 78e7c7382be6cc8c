//! How policies are written. A case is a statement or a policy, and its JSON in one line with `'` for `"`.

#![allow(missing_docs, reason = "a test")]

mod iam_support;

use formwork::iam::condition::{self, aws, saml};
use formwork::iam::{Action, ConditionKey, Statement, Statements, deny_all_except};
use formwork::{IntoNode, Required, Untyped, prelude::*};
use iam_support::{conditions, input, json, parameter};

const GET: Action = Action::new("s3:GetObject");
const PUT: Action = Action::new("s3:PutObject");
const ALL: Action = Action::new("s3:*");
const ASSUME: Action = Action::new("sts:AssumeRole");
const SUBNETS: ConditionKey<List<String>> = ConditionKey::new("sagemaker:VpcSubnets");
const BOUNDARY: ConditionKey<Arn> = ConditionKey::new("iam:PermissionsBoundary");

/// The statements of a policy.
#[track_caller]
fn check(statements: impl Statements<Required>, expected: &str) {
    let document = json(Policy::new(statements));
    let statements = document.strip_prefix("{'Version':'2012-10-17','Statement':[");
    assert_eq!(statements.and_then(|rest| rest.strip_suffix("]}")), Some(expected), "\n{document}");
}

/// What stands under a key of a statement that allows reading.
#[track_caller]
fn check_key(key: &str, statement: Statement, expected: &str) {
    let document: serde_json::Value =
        serde_json::from_str(&json(Policy::new(statement)).replace('\'', "\"")).unwrap();
    let found = document["Statement"][0][key].to_string().replace('"', "'");
    assert_eq!(found, expected);
}

fn bucket() -> Value<Arn> {
    Value::from_node(formwork::node::Node::get_att(iam_support::target("Bucket"), "Arn"))
}

#[test]
fn documents() {
    let key: Value<Arn> = Value::from_node(parameter("KeyArn"));
    let decrypt = Action::new("kms:Decrypt");
    let policy = Policy::new([
        allow([GET, PUT])
            .on([sub!("{}/*", bucket())])
            .when(condition::string_equals(aws::ResourceAccount, pseudo::ACCOUNT_ID)),
        allow(decrypt).on([key]),
    ]);
    assert_eq!(
        json(policy),
        "{'Version':'2012-10-17','Statement':[\
         {'Effect':'Allow','Action':['s3:GetObject','s3:PutObject'],'Resource':{'Fn::Sub':'${Bucket.Arn}/*'},\
         'Condition':{'StringEquals':{'aws:ResourceAccount':{'Ref':'AWS::AccountId'}}}},\
         {'Effect':'Allow','Action':'kms:Decrypt','Resource':{'Ref':'KeyArn'}}]}"
    );
    let more = [GET, PUT].into_iter().map(|action| allow(action).on(key)).collect::<Policy>();
    assert_eq!(json(policy.and(more)).matches("'Effect'").count(), 4);
    let anywhere: Value<Json> = val(policy);
    assert_eq!(json(anywhere), json(policy));
}

#[test]
fn statements() {
    let only_tls = deny(ALL)
        .on((bucket(), sub!("{}/*", bucket())))
        .to(Principal::any())
        .when(condition::is_bool(aws::SecureTransport, false));
    check(
        only_tls,
        "{'Effect':'Deny','Principal':'*','Action':'s3:*',\
         'Resource':[{'Fn::GetAtt':['Bucket','Arn']},{'Fn::Sub':'${Bucket.Arn}/*'}],\
         'Condition':{'Bool':{'aws:SecureTransport':'false'}}}",
    );
    check(
        allow(Action::raw("kms:*")).on_self().to(Principal::account_root()).id("Root"),
        "{'Sid':'Root','Effect':'Allow',\
         'Principal':{'AWS':{'Fn::Sub':'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}},\
         'Action':'kms:*','Resource':'*'}",
    );
    check(
        allow(ASSUME).to(Principal::service("sagemaker")),
        "{'Effect':'Allow','Principal':{'Service':'sagemaker.amazonaws.com'},'Action':'sts:AssumeRole'}",
    );
    check(
        allow(Action::starting_with(GET)).on_all("it knows no resource"),
        "{'Effect':'Allow','Action':'s3:GetObject*','Resource':'*'}",
    );
    check(
        deny_all_except([ALL]).to_all_except(Principal::account("123456789012")).on_self(),
        "{'Effect':'Deny','NotPrincipal':{'AWS':'123456789012'},'NotAction':'s3:*','Resource':'*'}",
    );
    check(
        deny(ALL).on_all_except(["arn:aws:s3:::a", "arn:aws:s3:::b"]),
        "{'Effect':'Deny','Action':'s3:*','NotResource':['arn:aws:s3:::a','arn:aws:s3:::b']}",
    );
}

/// `.when`, `.id`, `.on` and `.to` say the same in any order, and several of one add up.
#[test]
fn order() {
    let secure = || condition::is_bool(aws::SecureTransport, true);
    let root = Principal::account_root();
    let one = allow(GET).on(bucket()).to(root).when(secure()).id("A");
    let other = allow(GET).id("A").when(secure()).to(root).on(bucket());
    assert_eq!(json(Policy::new(one)), json(Policy::new(other)));
    check_key(
        "Resource",
        allow(GET).on("arn:aws:s3:::a").on(["arn:aws:s3:::b", "arn:aws:s3:::c"]),
        "['arn:aws:s3:::a','arn:aws:s3:::b','arn:aws:s3:::c']",
    );
    check_key(
        "Principal",
        allow(GET).to(Principal::service("a")).to(Principal::service("b")),
        "{'Service':['a.amazonaws.com','b.amazonaws.com']}",
    );
}

#[test]
fn resources() {
    let list: Input<List<Arn>> = input("Arns");
    let raw: Untyped = untyped(parameter("Anything"), "it holds an ARN");
    let cases: [(Statement, &str); 7] = [
        (allow(GET).on("arn:aws:s3:::a"), "'arn:aws:s3:::a'"),
        (allow(GET).on(["arn:aws:s3:::a"]), "'arn:aws:s3:::a'"),
        (
            allow(GET).on(vec![bucket(), bucket()]),
            "[{'Fn::GetAtt':['Bucket','Arn']},{'Fn::GetAtt':['Bucket','Arn']}]",
        ),
        (allow(GET).on(list), "{'Ref':'Arns'}"),
        (allow(GET).on(raw), "{'Ref':'Anything'}"),
        (
            allow(GET).on(raw_sub("arn:${AWS::Partition}:s3:::a")),
            "{'Fn::Sub':'arn:${AWS::Partition}:s3:::a'}",
        ),
        (
            allow(GET).on(sub!("arn:{}:s3:::{}-a", pseudo::PARTITION, pseudo::REGION)),
            "{'Fn::Sub':'arn:${AWS::Partition}:s3:::${AWS::Region}-a'}",
        ),
    ];
    for (statement, expected) in cases {
        check_key("Resource", statement, expected);
    }
}

#[test]
fn principals() {
    let role: Value<Arn> = Value::from_node(parameter("RoleArn"));
    let trusted: Input<List<Arn>> = input("Trusted");
    let account: Input<AccountId> = input("Account");
    let [yes, _] = conditions();
    let root = "{'AWS':{'Fn::Sub':'arn:${AWS::Partition}:iam::${AWS::AccountId}:root'}}";
    let to = |principal: Principal| allow(ASSUME).to(principal);
    let cases = [
        (to(Principal::any()), "'*'"),
        (to(Principal::account_root()), root),
        (to(Principal::account(account)), "{'AWS':{'Ref':'Account'}}"),
        (to(Principal::account(pseudo::ACCOUNT_ID)), "{'AWS':{'Ref':'AWS::AccountId'}}"),
        (to(Principal::aws(role)), "{'AWS':{'Ref':'RoleArn'}}"),
        (to(Principal::aws(trusted)), "{'AWS':{'Ref':'Trusted'}}"),
        (to(Principal::aws([role, role])), "{'AWS':[{'Ref':'RoleArn'},{'Ref':'RoleArn'}]}"),
        (
            to(Principal::service("logs.eu-west-1.amazonaws.com")),
            "{'Service':'logs.eu-west-1.amazonaws.com'}",
        ),
        (
            to(Principal::regional_service("cloudformation", pseudo::REGION)),
            "{'Service':{'Fn::Sub':'cloudformation.${AWS::Region}.amazonaws.com'}}",
        ),
        (
            to(Principal::regional_service("logs", "eu-west-1")),
            "{'Service':'logs.eu-west-1.amazonaws.com'}",
        ),
        (
            to(Principal::service(sub!("ec2.{}", pseudo::URL_SUFFIX))),
            "{'Service':{'Fn::Sub':'ec2.${AWS::URLSuffix}'}}",
        ),
        (
            to(Principal::federated("cognito-identity.amazonaws.com")),
            "{'Federated':'cognito-identity.amazonaws.com'}",
        ),
        (to(Principal::federated(role)), "{'Federated':{'Ref':'RoleArn'}}"),
        (to(Principal::canonical_user("79a5")), "{'CanonicalUser':'79a5'}"),
        (
            to(Principal::service("ec2").and(Principal::aws(role)).and(Principal::service("ssm"))),
            "{'AWS':{'Ref':'RoleArn'},'Service':['ec2.amazonaws.com','ssm.amazonaws.com']}",
        ),
        (
            allow(ASSUME).to([Principal::any(), Principal::service("ec2")]),
            "{'AWS':'*','Service':'ec2.amazonaws.com'}",
        ),
        (
            allow(ASSUME)
                .to((Principal::service("ec2"), when(yes, Principal::service("ssm"), no_value()))),
            "{'Service':['ec2.amazonaws.com',{'Fn::If':['Yes','ssm.amazonaws.com',{'Ref':'AWS::NoValue'}]}]}",
        ),
        (
            allow(ASSUME).to(when(yes, Principal::aws(trusted), Principal::any())),
            "{'Fn::If':['Yes',{'AWS':{'Ref':'Trusted'}},'*']}",
        ),
        (
            allow(ASSUME).to((
                Principal::service("ec2"),
                when(yes, [Principal::aws(role), Principal::aws(role)], no_value()),
            )),
            "{'AWS':{'Fn::If':['Yes',[{'Ref':'RoleArn'},{'Ref':'RoleArn'}],{'Ref':'AWS::NoValue'}]},\
             'Service':'ec2.amazonaws.com'}",
        ),
        (
            allow(ASSUME).to([when(yes, Principal::service("ec2"), Principal::aws(role))]),
            "{'Fn::If':['Yes',{'Service':'ec2.amazonaws.com'},{'AWS':{'Ref':'RoleArn'}}]}",
        ),
    ];
    for (statement, expected) in cases {
        check_key("Principal", statement, expected);
    }
}

/// Every operator, under its name.
#[test]
fn operators() {
    use condition::*;
    let epoch = aws::EpochTime;
    let age = aws::MultiFactorAuthAge;
    let arn = "arn:aws:s3:::a";
    let raw: ConditionKey<Binary> = ConditionKey::new("some:Key");
    let cases = [
        (string_equals(aws::UserId, "a"), "{'StringEquals':{'aws:userid':'a'}}"),
        (string_not_equals(aws::UserId, "a"), "{'StringNotEquals':{'aws:userid':'a'}}"),
        (
            string_equals_ignore_case(aws::UserId, "a"),
            "{'StringEqualsIgnoreCase':{'aws:userid':'a'}}",
        ),
        (
            string_not_equals_ignore_case(aws::UserId, "a"),
            "{'StringNotEqualsIgnoreCase':{'aws:userid':'a'}}",
        ),
        (string_like(aws::UserId, ["a*", "b*"]), "{'StringLike':{'aws:userid':['a*','b*']}}"),
        (string_not_like(aws::UserId, "a*"), "{'StringNotLike':{'aws:userid':'a*'}}"),
        (numeric_equals(age, 1), "{'NumericEquals':{'aws:MultiFactorAuthAge':'1'}}"),
        (
            numeric_not_equals(age, [1, 2]),
            "{'NumericNotEquals':{'aws:MultiFactorAuthAge':['1','2']}}",
        ),
        (numeric_less_than(age, 1.5), "{'NumericLessThan':{'aws:MultiFactorAuthAge':'1.5'}}"),
        (
            numeric_less_than_equals(age, 1),
            "{'NumericLessThanEquals':{'aws:MultiFactorAuthAge':'1'}}",
        ),
        (numeric_greater_than(age, 1), "{'NumericGreaterThan':{'aws:MultiFactorAuthAge':'1'}}"),
        (
            numeric_greater_than_equals(age, 1),
            "{'NumericGreaterThanEquals':{'aws:MultiFactorAuthAge':'1'}}",
        ),
        (date_equals(epoch, "1"), "{'DateEquals':{'aws:EpochTime':'1'}}"),
        (date_not_equals(epoch, "1"), "{'DateNotEquals':{'aws:EpochTime':'1'}}"),
        (date_less_than(epoch, "1"), "{'DateLessThan':{'aws:EpochTime':'1'}}"),
        (date_less_than_equals(epoch, "1"), "{'DateLessThanEquals':{'aws:EpochTime':'1'}}"),
        (date_greater_than(epoch, "1"), "{'DateGreaterThan':{'aws:EpochTime':'1'}}"),
        (date_greater_than_equals(epoch, "1"), "{'DateGreaterThanEquals':{'aws:EpochTime':'1'}}"),
        (is_bool(aws::ViaAWSService, true), "{'Bool':{'aws:ViaAWSService':'true'}}"),
        (binary_equals(raw, "QQ=="), "{'BinaryEquals':{'some:Key':'QQ=='}}"),
        (ip_address(aws::SourceIp, "10.0.0.0/8"), "{'IpAddress':{'aws:SourceIp':'10.0.0.0/8'}}"),
        (
            not_ip_address(aws::SourceIp, "10.0.0.0/8"),
            "{'NotIpAddress':{'aws:SourceIp':'10.0.0.0/8'}}",
        ),
        (arn_equals(aws::SourceArn, arn), "{'ArnEquals':{'aws:SourceArn':'arn:aws:s3:::a'}}"),
        (
            arn_not_equals(aws::SourceArn, arn),
            "{'ArnNotEquals':{'aws:SourceArn':'arn:aws:s3:::a'}}",
        ),
        (arn_like(aws::SourceArn, arn), "{'ArnLike':{'aws:SourceArn':'arn:aws:s3:::a'}}"),
        (arn_not_like(aws::SourceArn, arn), "{'ArnNotLike':{'aws:SourceArn':'arn:aws:s3:::a'}}"),
        (
            string_equals(aws::UserId, "a").if_exists(),
            "{'StringEqualsIfExists':{'aws:userid':'a'}}",
        ),
        (
            for_any_value(string_like(aws::TagKeys, ["a", "b"])),
            "{'ForAnyValue:StringLike':{'aws:TagKeys':['a','b']}}",
        ),
        (
            for_all_values(string_equals(SUBNETS, "a")).if_exists(),
            "{'ForAllValues:StringEqualsIfExists':{'sagemaker:VpcSubnets':'a'}}",
        ),
    ];
    for (clause, expected) in cases {
        check_key("Condition", allow(GET).to(Principal::any()).when(clause), expected);
    }
    let absent = allow(GET).to(Principal::any()).when(null(SUBNETS, true));
    check_key("Condition", absent, "{'Null':{'sagemaker:VpcSubnets':'true'}}");
}

#[test]
fn values_and_keys() {
    use condition::{
        arn_like, claim, ip_address, is_bool, numeric_equals, string_equals, string_like,
    };
    let range: Input<Cidr> = input("Range");
    let flag: Input<bool> = input("Flag");
    let count: Input<i64> = input("Count");
    let names: Input<List<String>> = input("Names");
    let [yes, _] = conditions();
    let user = condition::variable(aws::principal_tag("UserEmail"));
    let cases = [
        (ip_address(aws::SourceIp, range), "{'IpAddress':{'aws:SourceIp':{'Ref':'Range'}}}"),
        (is_bool(aws::ViaAWSService, flag), "{'Bool':{'aws:ViaAWSService':{'Ref':'Flag'}}}"),
        (
            is_bool(aws::ViaAWSService, when(yes, true, false)),
            "{'Bool':{'aws:ViaAWSService':{'Fn::If':['Yes','true','false']}}}",
        ),
        (
            numeric_equals(aws::MultiFactorAuthAge, count),
            "{'NumericEquals':{'aws:MultiFactorAuthAge':{'Ref':'Count'}}}",
        ),
        (string_equals(aws::UserId, names), "{'StringEquals':{'aws:userid':{'Ref':'Names'}}}"),
        (
            string_like(aws::UserId, ("a", sub!("{}-*", pseudo::REGION))),
            "{'StringLike':{'aws:userid':['a',{'Fn::Sub':'${AWS::Region}-*'}]}}",
        ),
        (
            string_equals(aws::UserId, when(yes, ["a", "b"], ["c"])),
            "{'StringEquals':{'aws:userid':{'Fn::If':['Yes',['a','b'],'c']}}}",
        ),
        (
            string_equals(aws::resource_tag("UserEmail"), user),
            "{'StringEquals':{'aws:ResourceTag/UserEmail':'${aws:PrincipalTag/UserEmail}'}}",
        ),
        (string_equals(aws::request_tag("A"), "b"), "{'StringEquals':{'aws:RequestTag/A':'b'}}"),
        (
            string_equals(saml::Aud, "https://signin.aws.amazon.com/saml"),
            "{'StringEquals':{'SAML:aud':'https://signin.aws.amazon.com/saml'}}",
        ),
        (
            string_like(claim("token.actions.githubusercontent.com", "sub"), "repo:a/b:*"),
            "{'StringLike':{'token.actions.githubusercontent.com:sub':'repo:a/b:*'}}",
        ),
        (
            string_equals(
                ConditionKey::<String>::with("kms:EncryptionContext:", "Project", ""),
                "a",
            ),
            "{'StringEquals':{'kms:EncryptionContext:Project':'a'}}",
        ),
        (
            string_like(aws::SourceArn.untyped::<String>("the pattern is no ARN"), "*"),
            "{'StringLike':{'aws:SourceArn':'*'}}",
        ),
        (
            arn_like(aws::PrincipalArn, "arn:aws:iam::*:role/a-*"),
            "{'ArnLike':{'aws:PrincipalArn':'arn:aws:iam::*:role/a-*'}}",
        ),
    ];
    for (clause, expected) in cases {
        check_key("Condition", allow(GET).to(Principal::any()).when(clause), expected);
    }
}

/// Several comparisons: one entry an operator, one entry a key.
#[test]
fn blocks() {
    use condition::{arn_equals, is_bool, string_equals, string_not_equals};
    let [yes, no] = conditions();
    let base = allow(GET).to(Principal::any());
    let tag = |name, value: &'static str| string_equals(aws::request_tag(name), value);
    let boundary = || arn_equals(BOUNDARY, "arn:aws:iam::aws:policy/A");
    let cases = [
        (
            base.when(tag("A", "1")).when(is_bool(aws::SecureTransport, true)).when(tag("B", "2")),
            "{'StringEquals':{'aws:RequestTag/A':'1','aws:RequestTag/B':'2'},'Bool':{'aws:SecureTransport':'true'}}",
        ),
        (
            base.when(string_not_equals(aws::UserId, "a"))
                .when(string_not_equals(aws::UserId, ["b", "c"])),
            "{'StringNotEquals':{'aws:userid':['a','b','c']}}",
        ),
        (
            base.when(boundary().only_if(yes)),
            "{'Fn::If':['Yes',{'ArnEquals':{'iam:PermissionsBoundary':'arn:aws:iam::aws:policy/A'}},\
             {'Ref':'AWS::NoValue'}]}",
        ),
        (
            base.when(tag("A", "1")).when(boundary().only_if(yes)),
            "{'StringEquals':{'aws:RequestTag/A':'1'},'ArnEquals':{'Fn::If':['Yes',\
             {'iam:PermissionsBoundary':'arn:aws:iam::aws:policy/A'},{'Ref':'AWS::NoValue'}]}}",
        ),
        (
            base.when(tag("A", "1")).when(tag("B", "2").only_if(yes)),
            "{'StringEquals':{'aws:RequestTag/A':'1','aws:RequestTag/B':\
             {'Fn::If':['Yes','2',{'Ref':'AWS::NoValue'}]}}}",
        ),
        (
            base.when(tag("A", "1").only_if(yes)).when(boundary().only_if(no)),
            "{'StringEquals':{'Fn::If':['Yes',{'aws:RequestTag/A':'1'},{'Ref':'AWS::NoValue'}]},\
             'ArnEquals':{'Fn::If':['No',{'iam:PermissionsBoundary':'arn:aws:iam::aws:policy/A'},\
             {'Ref':'AWS::NoValue'}]}}",
        ),
    ];
    for (statement, expected) in cases {
        check_key("Condition", statement, expected);
    }
}

/// `Fn::If` in every list that a policy has.
#[test]
fn conditional() {
    let [yes, no] = conditions();
    let read = allow(GET).on("arn:aws:s3:::a");
    let write = allow(PUT).on("arn:aws:s3:::a");
    let (get, put) = (
        "{'Effect':'Allow','Action':'s3:GetObject','Resource':'arn:aws:s3:::a'}",
        "{'Effect':'Allow','Action':'s3:PutObject','Resource':'arn:aws:s3:::a'}",
    );
    let if_yes = |then: &str, otherwise: &str| format!("{{'Fn::If':['Yes',{then},{otherwise}]}}");
    let nothing = "{'Ref':'AWS::NoValue'}";
    check((read, when(yes, write, no_value())), &format!("{get},{}", if_yes(put, nothing)));
    check([read, write.only_if(yes)], &format!("{get},{}", if_yes(put, nothing)));
    check(when(yes, read, write), &if_yes(get, put));
    check(
        when(yes, [read, write], read),
        &[(get, nothing), (put, nothing), (nothing, get)].map(|(a, b)| if_yes(a, b)).join(","),
    );
    let document = json(Policy::new([read, write]).only_if(no));
    assert_eq!(document.matches("'Fn::If':['No'").count(), 2);

    check_key(
        "Action",
        allow((GET, when(yes, PUT, no_value()))).on_self(),
        &format!("['s3:GetObject',{}]", if_yes("'s3:PutObject'", nothing)),
    );
    check_key(
        "Action",
        allow(when(yes, [GET, PUT], ALL)).on_self(),
        &if_yes("['s3:GetObject','s3:PutObject']", "'s3:*'"),
    );
    check_key(
        "Resource",
        allow(GET).on(when(yes, bucket(), "arn:aws:s3:::a")),
        &if_yes("{'Fn::GetAtt':['Bucket','Arn']}", "'arn:aws:s3:::a'"),
    );
}

/// A policy variable is literal text to CloudFormation, in plain text and in `Fn::Sub`.
#[test]
fn variables() {
    let user = || condition::variable("aws:PrincipalTag/UserEmail");
    let cases = [
        (json(user()), "'${aws:PrincipalTag/UserEmail}'"),
        (json(sub!("a/{}", user())), "'a/${aws:PrincipalTag/UserEmail}'"),
        (
            json(sub!("{}/{}", bucket(), user())),
            "{'Fn::Sub':'${Bucket.Arn}/${!aws:PrincipalTag/UserEmail}'}",
        ),
        (
            json(sub!("{}/${{aws:username}}", bucket())),
            "{'Fn::Sub':'${Bucket.Arn}/${!aws:username}'}",
        ),
        (
            json(join("/", (bucket(), user()))),
            "{'Fn::Join':['/',[{'Fn::GetAtt':['Bucket','Arn']},'${aws:PrincipalTag/UserEmail}']]}",
        ),
        (
            json(condition::variable_or(aws::Username, "none")).replace("''", "'"),
            "'${aws:username, 'none'}'",
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
    assert_eq!(
        json(user().into_node()),
        json(condition::variable(aws::principal_tag("UserEmail")))
    );
}
