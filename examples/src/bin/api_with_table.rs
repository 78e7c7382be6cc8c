//! An HTTP API that keeps texts: two routes, one function, one table.
//!
//! It shows code that stays in a file of its own, a role that may do three things, and logs that expire.

use formwork::assembly::{Assembly, run};
use formwork::prelude::*;
use formwork_aws::{apigatewayv2, dynamodb, iam, lambda, logs, sts};

const STACK: Stack<(), Outputs> =
    Stack::new("api-with-table", "An HTTP API, a function and a table", define);

/// What the console shows.
#[derive(Outputs)]
pub struct Outputs {
    /// Address of the API; a request must be signed by someone who may invoke it.
    pub url: Value<String>,
}

fn define(t: &mut Template, (): ()) -> Outputs {
    let table = t.add("Items", items().retain());
    let function_logs = t.add("HandlerLogs", logs::LogGroup::new().retention_in_days(30).retain());
    let trust = Policy::new([allow(sts::actions::AssumeRole).to(Principal::service("lambda"))]);
    let needed = iam::PolicyProperty::new(iam::PolicyPropertyRequired {
        policy_name: "Needed",
        policy_document: Policy::new([
            allow([dynamodb::actions::GetItem, dynamodb::actions::PutItem]).on(table.arn()),
            allow([logs::actions::CreateLogStream, logs::actions::PutLogEvents])
                .on(function_logs.arn()),
        ]),
    });
    let role = t.add("HandlerRole", iam::Role::new(trust).policies([needed]));
    let name = untyped(table, "a variable is text, but the schema says any JSON");
    let handler = lambda::Function::new(lambda::FunctionRequired {
        code: lambda::Code::new().zip_file(include_str!("../handlers/items.py")),
        role: role.arn(),
    })
    .architectures([lambda::FunctionArchitecture::Arm64])
    .environment(lambda::Environment::new().variables([("TABLE", name)]))
    .handler("index.handler")
    .logging_config(lambda::FunctionLoggingConfig::new().log_group(function_logs))
    .memory_size(256)
    .runtime(lambda::Runtime::Python3_13)
    .timeout(10);
    let handler = t.add("Handler", handler);

    let api = t.add("Api", apigatewayv2::Api::new().name(pseudo::STACK_NAME).protocol_type("HTTP"));
    let integration = apigatewayv2::Integration::new(apigatewayv2::IntegrationRequired {
        api_id: api,
        integration_type: "AWS_PROXY",
    });
    let integration = integration.integration_uri(handler.arn()).payload_format_version("2.0");
    let integration = t.add("Integration", integration);
    for (id, route_key) in [("GetRoute", "GET /items/{id}"), ("PutRoute", "PUT /items/{id}")] {
        let route = apigatewayv2::RouteRequired { api_id: api, route_key };
        let route = apigatewayv2::Route::new(route).authorization_type("AWS_IAM");
        t.add(id, route.target(sub!("integrations/{integration}")));
    }
    let (partition, region, account) = (pseudo::PARTITION, pseudo::REGION, pseudo::ACCOUNT_ID);
    let any_route = sub!("arn:{partition}:execute-api:{region}:{account}:{api}/*");
    let invoke = lambda::Permission::new(lambda::PermissionRequired {
        action: lambda::actions::InvokeFunction.name(),
        function_name: handler,
        principal: "apigateway.amazonaws.com",
    });
    t.add("ApiMayInvoke", invoke.source_arn(any_route));
    let requests = t.add("Requests", logs::LogGroup::new().retention_in_days(30).retain());
    t.add("Stage", stage(api, requests));
    Outputs { url: api.api_endpoint() }
}

/// Encrypted, and restorable to any second of the last 35 days.
fn items() -> dynamodb::Table {
    let id = dynamodb::AttributeDefinition::new(dynamodb::AttributeDefinitionRequired {
        attribute_name: "id",
        attribute_type: dynamodb::AttributeType::S,
    });
    let hash = dynamodb::KeySchemaKeyType::Hash;
    let key = dynamodb::KeySchemaRequired { attribute_name: "id", key_type: hash };
    dynamodb::Table::new([dynamodb::KeySchema::new(key)])
        .attribute_definitions([id])
        .billing_mode(dynamodb::BillingMode::PayPerRequest)
        .point_in_time_recovery_specification(
            dynamodb::PointInTimeRecoverySpecification::new().point_in_time_recovery_enabled(true),
        )
        .sse_specification(dynamodb::TableSseSpecification::new(true))
}

/// The stage that needs no path of its own, with a line in the log for each request.
fn stage(api: Handle<apigatewayv2::Api>, log: Handle<logs::LogGroup>) -> apigatewayv2::Stage {
    let line = concat!(
        r#"{"id":"$context.requestId","caller":"$context.identity.userArn","#,
        r#""route":"$context.routeKey","status":"$context.status"}"#,
    );
    let logged = apigatewayv2::AccessLogSettings::new().destination_arn(log.arn()).format(line);
    let limited = apigatewayv2::StageRouteSettings::new()
        .throttling_burst_limit(50)
        .throttling_rate_limit(100.0);
    apigatewayv2::Stage::new(apigatewayv2::StageRequired { api_id: api, stage_name: "$default" })
        .access_log_settings(logged)
        .auto_deploy(true)
        .default_route_settings(limited)
}

/// Everything that this program writes.
#[must_use]
pub fn assembly() -> Assembly {
    Assembly::new().with(STACK.template())
}

fn main() -> std::process::ExitCode {
    run(&assembly())
}
