r"""The SageMaker pipeline: from the data to a model that waits for somebody's approval.

    Preprocess -> Train -> Evaluate -> is the metric good enough? -> baselines -> [batch: Transform] -> Register
                                                \-> no: Fail, with the numbers

Building it touches neither network, clock nor environment: the same configuration gives the same text. The platform's
pipeline builds it after each merge to main and puts it in place as `<project>-pipeline`.
"""

import json
from typing import Any

from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.transformer import Transformer
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_definition_config import PipelineDefinitionConfig
from sagemaker.workflow.pipeline_experiment_config import PipelineExperimentConfig
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.steps import ProcessingStep, TrainingStep, TransformStep

from pipeline import jobs
from pipeline.baselines import BASELINES, Baselines, Builder

ROOT = "/opt/ml/processing"
GROUPS = {"supervised": "binary_classification_metrics", "unsupervised": "anomaly_detection_metrics"}


class Parts:
    """The steps of the pipeline, made of one configuration."""

    def __init__(self, config: dict[str, Any], settings: dict[str, Any]) -> None:
        """Takes model_config.yaml and what the platform knows of the project."""
        self.config, self.settings = config, settings
        self.session = jobs.OfflineSession(settings)
        self.data = ParameterString("InputData", default_value=config["data_config"]["inputs"]["data"])
        self.evaluation = PropertyFile("Evaluation", output_name="evaluation", path="evaluation.json")

    def place(self, folder: str, path: str) -> Join:
        """Returns where something of this run belongs, below a folder of the bucket: no run writes over another's."""
        return Join(
            on="/",
            values=[f"s3://{self.settings['bucket']}", folder, ExecutionVariables.PIPELINE_EXECUTION_ID, path],
        )

    def output(self, name: str, folder: str = "pipeline") -> ProcessingOutput:
        """Returns an output of a processing job."""
        return ProcessingOutput(output_name=name, source=f"{ROOT}/{name}", destination=self.place(folder, name))

    def preprocess(self) -> ProcessingStep:
        """Returns the step that checks and splits the data."""
        job = jobs.processor(self.config, self.settings, self.session, name="preprocess", script="preprocess.py")
        inputs = [ProcessingInput(input_name="data", source=self.data, destination=f"{ROOT}/input")]
        outputs = [self.output(name) for name in ("train", "test", "transform")]
        return ProcessingStep("Preprocess", step_args=job.run(inputs=inputs, outputs=outputs))

    def train(self, preprocess: ProcessingStep) -> TrainingStep:
        """Returns the step that trains the model."""
        job = jobs.estimator(self.config, self.settings, self.session, self.place("models", "trained"))
        channel = TrainingInput(s3_uri(preprocess, "train"), content_type="text/csv")
        return TrainingStep("Train", step_args=jobs.fit(job, {"train": channel}))

    def evaluate(self, preprocess: ProcessingStep, train: TrainingStep) -> ProcessingStep:
        """Returns the step that measures the model and prepares the baselines."""
        job = jobs.processor(self.config, self.settings, self.session, name="evaluate", script="evaluate.py")
        sources = {
            "model": train.properties.ModelArtifacts.S3ModelArtifacts,
            "train": s3_uri(preprocess, "train"),
            "test": s3_uri(preprocess, "test"),
        }
        inputs = [
            ProcessingInput(input_name=name, source=source, destination=f"{ROOT}/{name}")
            for name, source in sources.items()
        ]
        outputs = [self.output("evaluation", BASELINES), self.output("rows"), self.output("analysis", BASELINES)]
        arguments = job.run(inputs=inputs, outputs=outputs)
        return ProcessingStep("Evaluate", step_args=arguments, property_files=[self.evaluation])

    def check(self, evaluate: ProcessingStep, good: list[Any]) -> ConditionStep:
        """Returns the step that goes on if the metric is good enough, and else fails with the numbers."""
        chosen = self.config["train_config"]
        metric, threshold = chosen["metric"], float(chosen["threshold"])
        path = f"{GROUPS[self.config['problem_type']]}.{metric}.value"
        measured = JsonGet(step_name=evaluate.name, property_file=self.evaluation, json_path=path)
        words = f"the model is not registered: {metric} is below the threshold {threshold} of model_config.yaml: it is"
        fail = FailStep("MetricTooLow", error_message=Join(on=" ", values=[words, measured]))
        condition = ConditionGreaterThanOrEqualTo(left=measured, right=threshold)
        return ConditionStep("CheckMetric", conditions=[condition], if_steps=good, else_steps=[fail])

    def transform(self, preprocess: ProcessingStep, model_name: Any) -> TransformStep:
        """Returns the step that tries a batch: what cannot work through one is not registered."""
        chosen = self.config["inference_config"]
        transformer = Transformer(
            model_name=model_name,
            instance_count=chosen["instance_count"],
            instance_type=chosen["instance_type"],
            output_path=self.place("pipeline", "transformed"),
            output_kms_key=self.settings["kms_key_arn"],
            volume_kms_key=self.settings["kms_key_arn"],
            accept="text/csv",
            assemble_with="Line",
            base_transform_job_name=f"{self.settings['project']}-transform",
            tags=self.settings["tags"],
            sagemaker_session=self.session,
        )
        data = s3_uri(preprocess, "transform")
        arguments = transformer.transform(data=data, content_type="text/csv", split_type="Line")
        return TransformStep("Transform", step_args=arguments)

    def register(self, model: Any, baselines: Baselines, before: list[Any]) -> ModelStep:
        """Returns the step that puts the model into the registry, where it waits for approval."""
        chosen = self.config["inference_config"]
        known = {
            "problem-type": self.config["problem_type"],
            "inference-type": self.config["inference_type"],
            "inference-instance-type": chosen["instance_type"],
            "inference-instance-count": str(chosen["instance_count"]),
            "label": self.config["data_config"].get("label"),
            "ground-truth-uri": ground_truth(self.config),
            # Where an answer has the class and its probability: columns of a line.
            "inference-attribute": "0",
            "probability-attribute": "1",
            "commit": self.settings.get("commit"),
        }
        arguments = model.register(
            content_types=["text/csv", "application/json"],
            response_types=["text/csv", "application/json"],
            inference_instances=[chosen["instance_type"]],
            transform_instances=[chosen["instance_type"]],
            model_package_group_name=self.settings["model_package_group"],
            approval_status="PendingManualApproval",
            model_metrics=baselines.model_metrics(self.place(BASELINES, "evaluation/evaluation.json")),
            drift_check_baselines=baselines.drift_check_baselines(),
            customer_metadata_properties={name: value for name, value in known.items() if value},
        )
        return ModelStep("Register", step_args=arguments, depends_on=before)

    def steps(self) -> list[Any]:
        """Returns all steps."""
        preprocess = self.preprocess()
        train = self.train(preprocess)
        evaluate = self.evaluate(preprocess, train)
        artifact = train.properties.ModelArtifacts.S3ModelArtifacts
        model = jobs.model(self.config, self.settings, self.session, artifact)
        create = ModelStep("Model", step_args=model.create(tags=self.settings["tags"]))
        model_name = create.properties.ModelName
        baselines = Builder(self.config, self.settings, self.session, self.place).all(model_name)
        tried = [self.transform(preprocess, model_name)] if self.config["inference_type"] == "batch" else []
        good = [create, *baselines.steps, *tried, self.register(model, baselines, [*baselines.steps, *tried])]
        return [preprocess, train, evaluate, self.check(evaluate, good)]


def s3_uri(step: ProcessingStep, output: str) -> Any:
    """Returns where a processing step has put an output."""
    return step.properties.ProcessingOutputConfig.Outputs[output].S3Output.S3Uri


def ground_truth(config: dict[str, Any]) -> str | None:
    """Returns where somebody puts what turned out to be right."""
    return config.get("monitor_config", {}).get("ground_truth")


def refuse(config: dict[str, Any], settings: dict[str, Any]) -> None:
    """Raises if the configuration does not fit the project, or does not fit together; schema.json cannot say that."""
    for name in ("problem_type", "inference_type"):
        if config[name] != settings[name]:
            raise ValueError(f"{name} is {config[name]}, but the project was created for {settings[name]}")
    data = config["data_config"]
    for name in (data.get("label"), config.get("bias_config", {}).get("facet")):
        if name is not None and name not in data["headers"]:
            raise ValueError(f"column {name} is not one of data_config.headers: {', '.join(data['headers'])}")
    readable, truth = f"s3://{settings['bucket']}/monitor/", ground_truth(config)  # by the roles of monitors
    if truth is not None and (not truth.startswith(readable) or truth == readable):
        raise ValueError(f"monitor_config.ground_truth is {truth}, it must begin with {readable} and go on")


def build(config: dict[str, Any], settings: dict[str, Any]) -> Pipeline:
    """Returns the pipeline. `config` is a valid model_config.yaml, `settings` is what the platform knows."""
    refuse(config, settings)
    parts = Parts(config, settings)
    with jobs.offline(settings["region"]):
        steps = parts.steps()
    return Pipeline(
        name=settings["pipeline_name"],
        parameters=[parts.data],
        steps=steps,
        # The project's role may make and fill trials that are called after the project.
        pipeline_experiment_config=PipelineExperimentConfig(
            settings["experiment"],
            Join(on="-", values=[settings["project"], ExecutionVariables.PIPELINE_EXECUTION_ID]),
        ),
        pipeline_definition_config=PipelineDefinitionConfig(use_custom_job_prefix=True),
        sagemaker_session=parts.session,
    )


def definition_json(config: dict[str, Any], settings: dict[str, Any]) -> str:
    """Returns the pipeline's definition."""
    return json.dumps(json.loads(build(config, settings).definition()), indent=2)
