"""What is looked at, and what MindSpore does not say of itself."""

from __future__ import annotations

import re
from typing import Any

#: Modules whose names users write, the preferred one first where an object can be had from several.
PUBLIC_MODULES = (
    "mindspore",
    "mindspore.nn",
    "mindspore.ops",
    "mindspore.train",
    "mindspore.amp",
    "mindspore.mint",
    "mindspore.mint.nn",
    "mindspore.mint.optim",
    "mindspore.experimental.optim",
    "mindspore.experimental.optim.lr_scheduler",
    "mindspore.common.initializer",
    "mindspore.communication",
    "mindspore.numpy",
    "mindspore.mint.nn.functional",
    "mindspore.nn.learning_rate_schedule",
    "mindspore.ops.operations",
    "mindspore.experimental",
)

#: Objects defined below these are known by their name in ``mindspore.train``, though ``mindspore`` has them too.
TRAIN_HOMES = ("mindspore.train.model", "mindspore.train.callback", "mindspore.train.metrics")

#: Modules that no training script names, and that cost much or fail to import.
SKIPPED = re.compile(
    r"\._|\.dataset\b|\.rewrite\b|_pb2\b|\.mindrecord\b|\.profiler\b|\.graph\b|\.tools\b|\.ops_generate\b|\.vmap"
)

#: Spellings of older releases that real code still has and that no described release knows.
EXTINCT = {
    "mindspore.common.api.ms_function": "mindspore.ms_function",
    **{
        f"mindspore.nn.optim_ex{inner}.{name}": f"mindspore.experimental.optim.{name}"
        for name, module in (("Optimizer", "optimizer"), ("Adam", "adam"), ("AdamW", "adamw"), ("SGD", "sgd"))
        for inner in ("", f".{module}")
    },
}

#: First releases that MindSpore's documentation names, where no installable release says. (2.1 had the first four in
#: ``mindspore.nn.optim_ex``.) Everything else that is absent in one described release and present in the next is stored
#: as new in the next.
DOCUMENTED_SINCE = {
    **dict.fromkeys(
        (
            "mindspore.experimental.optim",
            *(f"mindspore.experimental.optim.{name}" for name in ("Optimizer", "Adam", "AdamW", "SGD", "lr_scheduler")),
            "mindspore.experimental.optim.lr_scheduler.*",
        ),
        "2.2.0",
    ),
    **dict.fromkeys(
        (
            f"mindspore.experimental.optim.{name}"
            for name in ("Adadelta", "Adagrad", "Adamax", "ASGD", "NAdam", "RAdam", "RMSprop", "Rprop")
        ),
        "2.3.0",
    ),
    **dict.fromkeys(("mindspore.mint", "mindspore.mint.optim", "mindspore.mint.optim.AdamW"), "2.3.0"),
}

#: Wrappers that are called like optimizers. Values: what their first argument is.
WRAPPERS = {
    "mindspore.nn.LARS": "optimizer",
    "mindspore.nn.thor": "net",
    "mindspore.nn.OptTFTWrapper": "optimizer",
    "mindspore.nn.AdaSumByGradWrapCell": "optimizer",
    "mindspore.nn.AdaSumByDeltaWeightWrapCell": "optimizer",
}

#: Functions and classes that are neither Cells nor optimizers, and whose arguments the linter needs to tell apart.
DESCRIBED = (
    "mindspore.Parameter", "mindspore.ParameterTuple", "mindspore.Tensor", "mindspore.tensor", "mindspore.set_context",
    "mindspore.grad", "mindspore.value_and_grad", "mindspore.jit", "mindspore.save_checkpoint",
    "mindspore.load_checkpoint", "mindspore.load_param_into_net", "mindspore.ops.GradOperation", "mindspore.ops.assign",
    "mindspore.train.Model", "mindspore.train.LearningRateScheduler", "mindspore.train.ReduceLROnPlateau",
    "mindspore.build_train_network", "mindspore.amp.auto_mixed_precision",
    "mindspore.common.initializer.initializer",
)  # fmt: skip

#: What to give the required arguments of a layer to see its Parameters. A layer with others is not described.
SAMPLES: dict[str, Any] = {
    "alpha": 1.0, "axes": 1, "axis": 0, "batch_size": 2, "beta": 1.0, "d_model": 4, "depth": 4, "dim": 4,
    "dim_feedforward": 4, "downscale_factor": 2, "embed_dim": 4, "embedding_dim": 4, "embedding_size": 4,
    "end_dim": 1, "groups": 1, "hidden_size": 4, "in1_channels": 2, "in2_channels": 2, "in_channels": 4,
    "in_features": 4, "input_size": 4, "keep_prob": 0.5, "kernel_size": 3, "margin": 1.0, "margin1": 1.0,
    "nhead": 2, "norm_type": 2, "normalized_shape": (4,), "num_channels": 4, "num_class": 2, "num_embeddings": 8,
    "num_features": 4, "num_groups": 2, "num_heads": 2, "num_layers": 1, "num_parameters": 1, "out_channels": 4,
    "out_features": 4, "output_size": 2, "p": 0.5, "padding": 1, "paddings": ((1, 1), (1, 1)), "prob": 0.5,
    "size": 4, "start_dim": 0, "threshold": 0.5, "unflattened_size": (2, 2), "upscale_factor": 2, "value": 1.0,
    "vocab_size": 8,
}  # fmt: skip

#: Layers whose own signature says nothing (``*args, **kwargs``), and what MindSpore documents.
RECURRENT = "input_size, hidden_size, num_layers=1, has_bias=True, batch_first=False, dropout=0.0, bidirectional=False"
UNDECLARED = {f"mindspore.nn.{name}": RECURRENT for name in ("RNN", "GRU", "LSTM")}

#: Arguments of other kinds that change what a layer owns: Cells with Parameters of their own, sizes that may be None.
INSERTED = ("activation", "kdim", "vdim")

#: Containers own what they are given, not Parameters of their own.
CONTAINERS = ("Cell", "CellDict", "CellList", "SequentialCell", "GraphCell")

#: The Parameters of the network that optimizers are built on: they show up among an optimizer's own.
NETWORK = ("weight", "bias")

Paths = dict[int, list[str]]
Description = dict[str, Any]
