"""`python tiny_colpali.py FOLDER`, where transformers is installed: a small ColPali with random weights."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, models, pre_tokenizers

SIZE, PATCH = 32, 8  # pixels: 16 vectors a picture
WORDS = ["<pad>", "<eos>", "<bos>", "<unk>", "Question", ":", "Describe", "the", "image", ".", "\n", "pump", "valve"]


def write(folder: Path) -> None:
    torch: Any = import_module("torch")
    library: Any = import_module("transformers")
    torch.manual_seed(1)
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = library.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>", bos_token="<bos>", unk_token="<unk>"
    )
    pictures = library.SiglipImageProcessor(size={"height": SIZE, "width": SIZE})
    pictures.image_seq_length = (SIZE // PATCH) ** 2
    processor = library.ColPaliProcessor(image_processor=pictures, tokenizer=fast)
    text: dict[str, Any] = {
        "model_type": "gemma", "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "head_dim": 8,
        "num_attention_heads": 4, "num_key_value_heads": 1, "vocab_size": len(processor.tokenizer) + 8,
    }  # fmt: skip
    vision: dict[str, Any] = {
        "model_type": "siglip_vision_model", "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "image_size": SIZE, "patch_size": PATCH, "projection_dim": 32,
    }  # fmt: skip
    seeing: dict[str, Any] = {
        "model_type": "paligemma", "text_config": text, "vision_config": vision, "projection_dim": 32,
        "image_token_index": processor.image_token_id, "image_token_id": processor.image_token_id, "hidden_size": 32,
    }  # fmt: skip
    model = library.ColPaliForRetrieval(library.ColPaliConfig(vlm_config=seeing, embedding_dim=128))
    model.to(torch.bfloat16).save_pretrained(folder)
    processor.save_pretrained(folder)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
