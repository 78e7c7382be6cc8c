"""The baselines that the model's monitors compare with: how the data look, how good the model is, what it goes by.

Each is a check step that registers what it finds as the new baseline; it does not compare with that of an earlier
model.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sagemaker.clarify import BiasConfig, DataConfig, ModelConfig, ModelPredictedLabelConfig, SHAPConfig
from sagemaker.drift_check_baselines import DriftCheckBaselines
from sagemaker.model_metrics import FileSource, MetricsSource, ModelMetrics
from sagemaker.model_monitor.dataset_format import DatasetFormat
from sagemaker.session import Session
from sagemaker.workflow.clarify_check_step import (
    ClarifyCheckConfig,
    ClarifyCheckStep,
    ModelBiasCheckConfig,
    ModelExplainabilityCheckConfig,
)
from sagemaker.workflow.quality_check_step import (
    DataQualityCheckConfig,
    ModelQualityCheckConfig,
    QualityCheckConfig,
    QualityCheckStep,
)
from sagemaker.workflow.steps import Step

from pipeline import jobs

Place = Callable[[str, str], Any]  # gives the S3 URI of a path of this run, below a folder of the bucket
JSON = "application/json"
BASELINES = "monitor/baselines"  # where the monitors may read, and whoever reads their reports


class PreparedClarifyCheckStep(ClarifyCheckStep):
    """A Clarify check whose analysis file the Evaluate step writes, because it holds medians of the training data.

    The SDK writes one too, which `jobs.OfflineSession` does not upload; the tests hold src/analysis.py against it.
    """

    def __init__(self, *arguments: Any, analysis: Any, **more: Any) -> None:
        """Takes the S3 URI of the analysis file, beside what the SDK's step takes."""
        self.analysis = analysis
        super().__init__(*arguments, **more)

    def _generate_processing_job_parameters(self, analysis_config: dict, baselining_processor: Any) -> dict:
        parameters = super()._generate_processing_job_parameters(analysis_config, baselining_processor)
        parameters["config_input"].source = parameters["config_input"].s3_input.s3_uri = self.analysis
        return parameters


@dataclass
class Baselines:
    """The steps, and what the model package is to say about them."""

    steps: list[Step] = field(default_factory=list)
    metrics: dict[str, MetricsSource] = field(default_factory=dict)
    drift: dict[str, MetricsSource | FileSource] = field(default_factory=dict)

    def add_quality(self, step: QualityCheckStep, name: str) -> None:
        """Adds a step whose statistics and constraints the package names `name`."""
        found = step.properties
        self.steps.append(step)
        self.metrics[f"{name}_statistics"] = MetricsSource(JSON, found.CalculatedBaselineStatistics)
        self.metrics[f"{name}_constraints"] = MetricsSource(JSON, found.CalculatedBaselineConstraints)
        self.drift[f"{name}_statistics"] = MetricsSource(JSON, found.BaselineUsedForDriftCheckStatistics)
        self.drift[f"{name}_constraints"] = MetricsSource(JSON, found.BaselineUsedForDriftCheckConstraints)

    def add_clarify(self, step: ClarifyCheckStep, name: str, config_name: str, config: Any) -> None:
        """Adds a step whose constraints the package names `name`; monitors need the analysis file too."""
        found = step.properties
        self.steps.append(step)
        self.metrics[name] = MetricsSource(JSON, found.CalculatedBaselineConstraints)
        self.drift[f"{name}_constraints"] = MetricsSource(JSON, found.BaselineUsedForDriftCheckConstraints)
        self.drift[config_name] = FileSource(config, content_type=JSON)

    def model_metrics(self, evaluation: Any) -> ModelMetrics:
        """Returns the package's metrics; without labels there is no model quality, so the evaluation stands for it."""
        return ModelMetrics(**{"model_statistics": MetricsSource(JSON, evaluation), **self.metrics})

    def drift_check_baselines(self) -> DriftCheckBaselines:
        """Returns what monitors compare with."""
        return DriftCheckBaselines(**self.drift)


class Builder:
    """Makes the steps of one pipeline."""

    def __init__(self, config: dict[str, Any], settings: dict[str, Any], using: Session, place: Place) -> None:
        """Takes what all steps need."""
        self.config, self.settings, self.using, self.place = config, settings, using, place

    def rows(self, job: str) -> Any:
        """Returns where the Evaluate step has put the rows of a baseline."""
        return self.place("pipeline", f"rows/{job}/rows.csv")

    def analysis(self, name: str) -> Any:
        """Returns where the Evaluate step has put an analysis file."""
        return self.place(BASELINES, f"analysis/{name}/analysis_config.json")

    def quality(self, name: str, job: str, chosen: QualityCheckConfig) -> QualityCheckStep:
        """Returns a step that describes data, or a model's answers."""
        return QualityCheckStep(
            name=name,
            quality_check_config=chosen,
            check_job_config=jobs.check(self.settings, self.using, job),
            skip_check=True,
            register_new_baseline=True,
            model_package_group_name=self.settings["model_package_group"],
        )

    def clarify(self, name: str, job: str, chosen: ClarifyCheckConfig) -> PreparedClarifyCheckStep:
        """Returns a step that looks at what the model goes by."""
        return PreparedClarifyCheckStep(
            name=name,
            clarify_check_config=chosen,
            check_job_config=jobs.check(self.settings, self.using, job),
            skip_check=True,
            register_new_baseline=True,
            model_package_group_name=self.settings["model_package_group"],
            analysis=self.analysis(job),
        )

    def data_quality(self) -> QualityCheckStep:
        """Returns the step that describes the data: types, ranges, how much is missing."""
        chosen = DataQualityCheckConfig(
            baseline_dataset=self.rows("data-quality"),
            dataset_format=DatasetFormat.csv(header=True),
            output_s3_uri=self.place(BASELINES, "data-quality"),
        )
        return self.quality("DataQuality", "data-quality", chosen)

    def model_quality(self) -> QualityCheckStep:
        """Returns the step that describes how good the answers are."""
        chosen = ModelQualityCheckConfig(
            baseline_dataset=self.rows("model-quality"),
            dataset_format=DatasetFormat.csv(header=True),
            output_s3_uri=self.place(BASELINES, "model-quality"),
            problem_type="BinaryClassification",
            inference_attribute="prediction",
            probability_attribute="score",
            ground_truth_attribute=self.config["data_config"]["label"],
        )
        return self.quality("ModelQuality", "model-quality", chosen)

    def data(self, job: str, headers: list[str], label: str | None) -> DataConfig:
        """Returns which rows Clarify looks at."""
        return DataConfig(
            s3_data_input_path=self.rows(job),
            s3_output_path=self.place(BASELINES, job),
            s3_analysis_config_output_path="s3://not-uploaded/analysis",
            headers=headers,
            label=label,
            dataset_type="text/csv",
        )

    def shadow(self, model_name: Any) -> ModelConfig:
        """Returns the copy of the model that Clarify asks."""
        return ModelConfig(
            model_name=model_name,
            endpoint_name_prefix=f"{self.settings['project']}-clarify",
            instance_count=1,
            instance_type=self.config["inference_config"]["instance_type"],
            accept_type="text/csv",
            content_type="text/csv",
        )

    def bias(self, model_name: Any) -> PreparedClarifyCheckStep:
        """Returns the step that looks whether the model treats groups alike."""
        chosen, data = self.config["bias_config"], self.config["data_config"]
        check = ModelBiasCheckConfig(
            data_config=self.data("bias", data["headers"], data["label"]),
            data_bias_config=BiasConfig(
                label_values_or_threshold=chosen["label_values"],
                facet_name=chosen["facet"],
                facet_values_or_threshold=chosen["facet_values"],
            ),
            model_config=self.shadow(model_name),
            model_predicted_label_config=ModelPredictedLabelConfig(label=0),
        )
        return self.clarify("Bias", "bias", check)

    def explainability(self, model_name: Any, middle: list[float] | None = None) -> PreparedClarifyCheckStep:
        """Returns the step that looks which features the model goes by."""
        data = self.config["data_config"]
        features = [name for name in data["headers"] if name != data.get("label")]
        check = ModelExplainabilityCheckConfig(
            data_config=self.data("explainability", features, None),
            model_config=self.shadow(model_name),
            explainability_config=SHAPConfig(
                baseline=[middle or [0.0] * len(features)],
                num_samples=100,
                agg_method="mean_abs",
                save_local_shap_values=False,
            ),
            model_scores=1,
        )
        return self.clarify("Explainability", "explainability", check)

    def all(self, model_name: Any) -> Baselines:
        """Returns the baselines that this kind of model has."""
        baselines = Baselines()
        baselines.add_quality(self.data_quality(), "model_data")
        if self.config["problem_type"] == "supervised":
            baselines.add_quality(self.model_quality(), "model")
        if "bias_config" in self.config:
            file = self.analysis("bias-monitor")
            baselines.add_clarify(self.bias(model_name), "bias_post_training", "bias_config_file", file)
        step, file = self.explainability(model_name), self.analysis("explainability-monitor")
        baselines.add_clarify(step, "explainability", "explainability_config_file", file)
        return baselines
