"""Fine-tunes a text classifier on CSV files with the columns `text` and `label`, in SageMaker's Hugging Face image.

The project's network does not reach the Hugging Face Hub. Put a pretrained model, `config.json` and all
that lies beside it, into the project's bucket, and give that folder to the job as the channel `pretrained`.
"""

import argparse
import os
from pathlib import Path

import pandas as pd
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments

CHANNELS = "/opt/ml/input/data"


class Rows(torch.utils.data.Dataset):
    """Texts as the model reads them, with their labels."""

    def __init__(self, encoded: dict[str, list], labels: list[int]) -> None:
        """Takes what a tokenizer has made of the texts."""
        self.encoded, self.labels = encoded, labels

    def __len__(self) -> int:
        """Returns how many there are."""
        return len(self.labels)

    def __getitem__(self, place: int) -> dict[str, torch.Tensor]:
        """Returns one of them."""
        row = {name: torch.tensor(values[place]) for name, values in self.encoded.items()}
        return row | {"labels": torch.tensor(self.labels[place])}


def arguments() -> argparse.Namespace:
    """Returns what the job was given; SageMaker hands hyperparameters over as options."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--batch_size", type=int, default=16)
    parser.add_argument("--learning_rate", type=float, default=5e-5)
    parser.add_argument("--train", type=Path, default=os.environ.get("SM_CHANNEL_TRAIN", f"{CHANNELS}/train"))
    parser.add_argument("--pretrained", default=os.environ.get("SM_CHANNEL_PRETRAINED", f"{CHANNELS}/pretrained"))
    parser.add_argument("--model", type=Path, default=os.environ.get("SM_MODEL_DIR", "/opt/ml/model"))
    return parser.parse_args()


def main() -> None:
    """Fine-tunes and stores the model with its tokenizer."""
    given = arguments()
    table = pd.concat([pd.read_csv(file) for file in sorted(given.train.glob("*.csv"))], ignore_index=True)
    tokenizer = AutoTokenizer.from_pretrained(given.pretrained, local_files_only=True)
    model = AutoModelForSequenceClassification.from_pretrained(
        given.pretrained, local_files_only=True, num_labels=int(table["label"].nunique())
    )
    encoded = tokenizer(list(table["text"]), truncation=True, padding=True)
    how = TrainingArguments(
        output_dir="/tmp/checkpoints",
        num_train_epochs=given.epochs,
        per_device_train_batch_size=given.batch_size,
        learning_rate=given.learning_rate,
        report_to=[],
        seed=0,
    )
    trainer = Trainer(model=model, args=how, train_dataset=Rows(dict(encoded), [int(it) for it in table["label"]]))
    trainer.train()
    trainer.save_model(str(given.model))
    tokenizer.save_pretrained(given.model)


if __name__ == "__main__":
    main()
