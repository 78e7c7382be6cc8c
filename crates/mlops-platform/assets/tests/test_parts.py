"""How the parts fit: what scripts write is what templates take, and what one reads another writes."""

import ast
import datetime
import itertools
import json
import re

import pytest
import scripting
import yaml
from botocore.stub import ANY
from conftest import LAMBDA, REGION
from projecting import ACCOUNT, ID, NAME, OTHER_ACCOUNT, OWN
from scripting import (
    ASSETS,
    BUILDSPECS,
    SCRIPTS,
    build_cfn,
    build_endpoint_params,
    build_model_group_params,
    build_monitor_params,
    stages,
)
from templates import all_templates, faults, of_type, read, template, text, texts
from test_buildspecs import FROM_OUTSIDE, SCRIPT

TEMPLATES = all_templates()
PACKAGE = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package/{NAME}-models/7"
GROUND_TRUTH = f"s3://{OWN['bucket']}/monitor/prod/ground-truth"
# The parameters that people write, if at all.
BY_HAND = {"/mlops/platform/force-delete"}
PATH = re.compile(r"/mlops/(?:platform|projects/(?:\{project\}|\$MLOPS_PROJECT))/[a-z-]+(?:/[a-z-]+)?(?![\w/{-])")


def with_project(path):
    return path.replace("{project}", NAME).replace("$MLOPS_PROJECT", NAME)


def constants(node, module):
    """The texts that an argument stands for."""
    if isinstance(node, ast.Starred):
        node = node.value
    if isinstance(node, ast.Constant):
        return [node.value]
    if isinstance(node, ast.Name) and isinstance(getattr(module, node.id, None), tuple):
        return list(getattr(module, node.id))
    if isinstance(node, ast.JoinedStr):
        return ["".join(part.value if isinstance(part, ast.Constant) else "*" for part in node.values)]
    return []


def asked(function, arguments):
    """The names of parameters that scripts hand to a function, in these of its arguments."""
    found = set()
    for file in SCRIPTS.glob("*.py"):
        module = getattr(scripting, file.stem, None)
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                found.update(*([constants(each, module) for each in node.args[arguments]] or [[]]))
    return found


def written():
    """The parameters that templates, scripts and handlers write, for one project."""
    of_templates = {each["Name"] for one in TEMPLATES.values() for each in of_type(one, "AWS::SSM::Parameter").values()}
    scripts = {f"/mlops/projects/{NAME}/{name}" for name in asked("remember", slice(1, 2))}
    own = {"project_ready_notify": "/mlops/projects/{project}/status"}
    own["provided_templates"] = "/mlops/platform/provided-templates-before"
    for handler, path in own.items():
        assert path in (LAMBDA / f"{handler}.py").read_text()
        assert "put_parameter" in (LAMBDA / f"{handler}.py").read_text()
    return of_templates | scripts | set(map(with_project, own.values()))


def read_by_templates():
    for name, one in TEMPLATES.items():
        for each in texts(one):
            for path in re.findall(r"\{\{resolve:ssm:([^}]+)\}\}", each):
                yield name, path


def read_by_programs():
    for file in [*SCRIPTS.glob("*.py"), *LAMBDA.glob("*.py"), *BUILDSPECS.glob("*.yaml")]:
        for path in PATH.findall(file.read_text()):
            yield file.name, with_project(path)
    yield from (("scripts", f"/mlops/platform/{name}") for name in asked("of_platform", slice(None)))
    yield from (("scripts", f"/mlops/projects/{NAME}/{name}") for name in asked("of_project", slice(1, None)))
    released = (*build_cfn.TEMPLATES, build_endpoint_params.STACK, build_monitor_params.STACK)
    for name in (*released, "smuser", "inference", "monitor"):
        yield "scripts", f"/mlops/platform/templates/{name}"
    shell = (ASSETS / "studio" / "on_start.sh").read_text()
    for place, base in (("platform", "/mlops/platform"), ("project", f"/mlops/projects/{NAME}")):
        yield from (("on_start.sh", f"{base}/{name}") for name in re.findall(rf"parameter {place} ([a-z-]+)", shell))
    yield from (("on_start.sh", f"/mlops/platform/{name}") for name in re.findall(r"\$base/([a-z-]+)", shell))
    yield from (
        ("on_start.sh", f"/mlops/projects/{NAME}/{name}") for name in re.findall(r'\bown\["([a-z-]+)"\]', shell)
    )


def test_every_parameter_that_is_read_is_written():
    there, wanted = written(), {*read_by_templates(), *read_by_programs()}
    assert len(wanted) > 60

    def is_there(path):
        pattern = re.compile(re.escape(path).replace(r"\*", "[a-z-]+"))
        return path in BY_HAND or any(map(pattern.fullmatch, there))

    assert not sorted(each for each in wanted if not is_there(each[1]))


def test_a_user_is_made_with_what_the_project_itself_has_written():
    """By dynamic references: what its pipelines write may come later."""
    of_project = {each["Name"] for each in of_type(TEMPLATES["smproject"], "AWS::SSM::Parameter").values()}
    wanted = {path for name, path in read_by_templates() if name == "smuser" and path.startswith("/mlops/projects/")}
    assert wanted
    assert wanted <= of_project


def pipelines():
    """Name of the pipeline's logical id, its template, and its actions."""
    for name in ("smproject", "smuser"):
        for name_in_it, pipeline in of_type(TEMPLATES[name], "AWS::CodePipeline::Pipeline").items():
            yield name_in_it, TEMPLATES[name], [action for stage in pipeline["Stages"] for action in stage["Actions"]]


def actions(provider):
    return [
        pytest.param(one, action, id=f"{pipeline}-{action['Name']}")
        for pipeline, one, actions in pipelines()
        for action in actions
        if action["ActionTypeId"]["Provider"] == provider
    ]


@pytest.mark.parametrize(("one", "action"), actions("CodeBuild"))
def test_each_build_is_given_what_its_script_reads(one, action):
    configuration = action["Configuration"]
    project = one["Resources"][configuration["ProjectName"]["Ref"]]["Properties"]
    given = {each["Name"]: each["Value"] for each in project["Environment"]["EnvironmentVariables"]}
    given |= {each["name"]: each["value"] for each in json.loads(configuration.get("EnvironmentVariables", "[]"))}
    buildspec = configuration.get("BuildspecOverride") or project["Source"]["BuildSpec"]
    assert buildspec == f"crates/mlops-platform/assets/buildspecs/{given['ACTION']}.yaml"
    assert all(given.values())
    first, *more = [each["Name"] for each in action["InputArtifacts"]]
    assert first == "PlatformRepo"  # it has the buildspec
    by_codebuild = {"AWS_REGION", "CODEBUILD_BUILD_ARN", *(f"CODEBUILD_SRC_DIR_{name}" for name in more)}
    assert FROM_OUTSIDE[given["ACTION"]] <= given.keys() | by_codebuild
    makes = "artifacts" in yaml.safe_load((BUILDSPECS / f"{given['ACTION']}.yaml").read_text())
    assert makes == bool(action.get("OutputArtifacts"))


def test_every_script_of_a_project_is_run():
    run = {
        each.values[1]["Configuration"].get("BuildspecOverride", "associate_user_lifecycle.yaml")
        for each in actions("CodeBuild")
    }
    names = {re.search(r"(\w+)\.yaml$", each)[1] for each in run}
    of_platform = {"init_mlops_platform_repo", "build_base_model_repo", "deploy_platform", "build_codeartifact"}
    assert names == SCRIPT.keys() - of_platform


def described(world, **more):
    answer = {
        "ModelPackageName": "7",
        "ModelPackageArn": PACKAGE,
        "CreationTime": datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC),
        "ModelPackageStatus": "Completed",
        "ModelPackageStatusDetails": {"ValidationStatuses": []},
    }
    world.aws("sagemaker").add_response("describe_model_package", answer | more, {"ModelPackageName": PACKAGE})


def place(world, problem, inference, stage_account):
    """A project of this kind, with its stages in this account or another, and the platform's templates."""
    world.own("problem-type", problem)
    world.own("inference-type", inference)
    for name in ("staging-account-id", "prod-account-id"):
        world.platform(name, stage_account)
    for name in ("inference", "monitor"):
        world.releases(name, text(name).encode())


def kept(has):
    return has and {"ModelPackageArn": PACKAGE, "InstanceType": "ml.c5.xlarge", "InstanceCount": "10"}


def run_build_cfn(world, has):
    for name in (*build_cfn.STACKS, *(f"inference-stackset-{stage}" for stage in stages.STAGES)):
        world.has(f"{NAME}-{name}", "UPDATE_COMPLETE") if has else world.lacks(f"{NAME}-{name}")
    for name in (*build_cfn.TEMPLATES, "smuser"):
        world.reads(name, text(name).encode())
    world.aws("s3").add_response(
        "put_object",
        {},
        dict.fromkeys(("Body", "ChecksumSHA256", "ContentType", "Key", "Metadata"), ANY)
        | {"Bucket": "artifacts", "IfNoneMatch": "*"},
    )
    for stage in ("staging", "prod"):
        world.has_stack(stage, **kept(has)) if has else world.lacks_stack(stage)
    build_cfn.work()


def run_endpoint(world, stage, has):
    world.monkeypatch.setenv("STAGE", stage)
    entry = {
        "ModelPackageArn": PACKAGE,
        "CreationTime": datetime.datetime(2024, 1, 2, tzinfo=datetime.UTC),
        "ModelPackageStatus": "Completed",
    }
    world.aws("sagemaker").add_response("list_model_packages", {"ModelPackageSummaryList": [entry]})
    described(world, CustomerMetadataProperties={"inference-instance-type": "ml.m5.xlarge"} if has else {})
    world.has_stack(stage, **kept(has)) if has else world.lacks_stack(stage)
    world.reads("inference-stackset", text("inference-stackset").encode())
    build_endpoint_params.work()


def run_monitor(world, problem, bias):
    def at(*files):
        place = f"s3://{OWN['bucket']}/monitor/baselines/0a1b"
        return {file: {"ContentType": "application/json", "S3Uri": f"{place}/{file}.json"} for file in files}

    baselines = {
        "ModelDataQuality": at("Statistics", "Constraints"),
        "Explainability": at("Constraints", "ConfigFile"),
    }
    metadata = {"inference-attribute": "0", "probability-attribute": "1"}
    if problem == "supervised":
        baselines["ModelQuality"] = at("Statistics", "Constraints")
        metadata["ground-truth-uri"] = GROUND_TRUTH
        if bias:
            baselines["Bias"] = at("PostTrainingConstraints", "ConfigFile")
    described(world, DriftCheckBaselines=baselines, CustomerMetadataProperties=metadata)
    world.has_stack("prod", ModelPackageArn=PACKAGE)
    world.lacks(f"{NAME}-monitor-stackset")
    world.reads("monitor-stackset", text("monitor-stackset").encode())
    build_monitor_params.work()


KINDS = list(itertools.product(("supervised", "unsupervised"), ("real-time", "batch"), (False, True), (True, False)))


@pytest.mark.parametrize(("problem", "inference", "again", "here"), KINDS)
def test_every_stack_takes_what_scripts_write_for_it(world, monkeypatch, problem, inference, again, here):
    for module in (build_cfn, build_endpoint_params, build_monitor_params):
        monkeypatch.setattr(module, "client", world.client)
    place(world, problem, inference, ACCOUNT if here else OTHER_ACCOUNT)
    made, output = {}, world.output

    def run(artifact, work, *given):
        monkeypatch.setenv("OUTPUT", str(output / artifact))
        work(*given)
        made[artifact] = output / artifact

    run("BuildCfnOutput", run_build_cfn, world, again)
    run("ModelGroupOutput", build_model_group_params.work)
    run("StagingOutput", run_endpoint, world, "staging", again)
    run("ProdOutput", run_endpoint, world, "prod", again)
    run("MonitorOutput", run_monitor, world, problem, again)

    used = set()
    for each in actions("CloudFormation"):
        configuration = each.values[1]["Configuration"]
        artifact, file = configuration["TemplatePath"].split("::")
        content = (made[artifact] / file).read_text()
        used.add((artifact, file))
        artifact, file = configuration["TemplateConfiguration"].split("::")
        given = json.loads((made[artifact] / file).read_text())
        used.add((artifact, file))
        name = re.match(r"# .*\n# .*\n.*\nDescription: [\"']?([a-z-]+):", content)[1]
        assert faults(given["Parameters"], template(name)) == [], f"{each.id}: {file}"
        assert not configuration.get("ParameterOverrides")
        assert not [tag for tag in given["Tags"] if tag == "sagemaker:studio-visibility" or tag.startswith("aws:")]
    assert used == {(artifact, file.name) for artifact, place in made.items() for file in place.iterdir()}


@pytest.mark.parametrize(("set_of", "instance"), [("inference-stackset", "inference"), ("monitor-stackset", "monitor")])
def test_an_instance_takes_what_its_stack_set_gives(set_of, instance):
    (stack_set,) = of_type(TEMPLATES[set_of], "AWS::CloudFormation::StackSet").values()
    given = {each["ParameterKey"] for each in stack_set["Parameters"]}
    assert given == TEMPLATES[instance]["Parameters"].keys()
    for name in given & TEMPLATES[set_of]["Parameters"].keys():
        outer, inner = (TEMPLATES[each]["Parameters"][name] for each in (set_of, instance))
        assert outer.get("AllowedValues") == inner.get("AllowedValues"), name


def test_the_copy_of_the_user_product_differs_in_three_parameters_only():
    own = {"ProjectName": NAME, "ProjectId": ID, "CostCenter": "12345"}
    source = text("smuser").encode()
    made = read(build_cfn.made_for(source, own))
    before = read(source)
    for name, value in own.items():
        assert made["Parameters"][name].pop("Default") == value
        assert made["Parameters"][name].pop("AllowedValues") == [value]
    assert made == before
    assert faults(own | {"UserEmail": "jane.doe@example.com"}, template("smuser")) == []


def of_seeds(*folders):
    """The code that projects begin with."""
    files = [file for folder in folders for file in (ASSETS / "seed" / "common" / folder).glob("*.*")]
    return "\n".join(file.read_text() for file in files if file.suffix in {".ipynb", ".py"})


def test_what_scripts_read_of_a_version_seeds_write_or_the_template_has():
    """The names by which a version of a model says how it is deployed and watched."""
    seeds, watched = of_seeds("pipeline"), TEMPLATES["monitor-stackset"]["Parameters"]
    for key in (*stages.METADATA.values(), build_monitor_params.TRUTH):
        assert f'"{key}": ' in seeds
    for parameter, key in build_monitor_params.METADATA.items():
        assert f'"{key}": ' in seeds or "Default" in watched[parameter]


def test_seeds_are_told_what_they_read():
    """By the build that makes the pipeline; notebooks by the file that a space starts with."""
    settings = re.compile(r"settings\[\\?[\"'](\w+)\\?[\"']\]")
    told = set(re.findall(r'^        "(\w+)": ', (SCRIPTS / "upsert_pipeline.py").read_text(), re.MULTILINE))
    used = set(settings.findall(of_seeds("pipeline")))
    assert {"role_arn", "images", "model_package_group"} <= used
    assert used - {"repositories"} <= told  # which only notebooks have
    shell = (ASSETS / "studio" / "on_start.sh").read_text()
    params = shell[shell.index("params = {") : shell.index("for key, value in params")]
    written = set(re.findall(r'^    "(\w+)": ', params, re.MULTILINE))
    notebooks = set(settings.findall(of_seeds("notebooks")))
    assert notebooks
    # Images are looked up in the pipeline, the experiment is called like the project.
    assert notebooks <= written | {"images", "experiment"}
    jobs = (ASSETS / "seed" / "common" / "pipeline" / "jobs.py").read_text()
    assert set(settings.findall(jobs)) <= written | {"images"}
