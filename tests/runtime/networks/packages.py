"""The models of packages of models: a program that builds the smallest of each family."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Callable, NamedTuple

#: The smallest model of each family of mindcv 0.3.0 that a CPU can build, by the module that it is in.
MINDCV = {
    "bit": "BiT_resnet50",
    "cait": "cait_xxs24_224",
    "cmt": "cmt_tiny",
    "coat": "coat_lite_tiny",
    "convit": "convit_tiny",
    "convnext": "convnext_tiny",
    "crossvit": "crossvit_9",
    "densenet": "densenet121",
    "dpn": "dpn92",
    "edgenext": "edgenext_xx_small",
    "efficientnet": "efficientnet_b0",
    "ghostnet": "ghostnet_050",
    "googlenet": "googlenet",
    "halonet": "halonet_50t",
    "hrnet": "hrnet_w32",
    "inceptionv3": "inception_v3",
    "inceptionv4": "inception_v4",
    "mae": "mae_b_16_224_finetune",
    "mixnet": "mixnet_s",
    "mlpmixer": "mlp_mixer_s_p32",
    "mnasnet": "mnasnet_050",
    "mobilenetv1": "mobilenet_v1_025",
    "mobilenetv2": "mobilenet_v2_035_96",
    "mobilenetv3": "mobilenet_v3_small_075",
    "mobilevit": "mobilevit_xx_small",
    "nasnet": "nasnet_a_4x1056",
    "pit": "pit_ti",
    "pnasnet": "pnasnet",
    "poolformer": "poolformer_s12",
    "pvt": "pvt_tiny",
    "pvtv2": "pvt_v2_b0",
    "regnet": "regnet_x_200mf",
    "repmlp": "repmlp_t224",
    "repvgg": "repvgg_a0",
    "res2net": "res2net50",
    "resnest": "resnest14",
    "resnet": "resnet18",
    "resnetv2": "resnetv2_50",
    "senet": "seresnet18",
    "shufflenetv1": "shufflenet_v1_g3_05",
    "shufflenetv2": "shufflenet_v2_x0_5",
    "sknet": "skresnet18",
    "squeezenet": "squeezenet1_0",
    "swintransformer": "swin_tiny",
    "swintransformerv2": "swinv2_tiny_window8",
    "vgg": "vgg11",
    "visformer": "visformer_tiny",
    "vit": "vit_b_32_224",
    "volo": "volo_d1",
    "xception": "xception",
    "xcit": "xcit_tiny_12_p16_224",
}

_OPTIMIZER = "optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)\n"


class Package(NamedTuple):
    """A package and what it can build, each as a name and a program."""

    name: str
    programs: Callable[[], Iterator[tuple[str, str]]]


def _mindcv() -> Iterator[tuple[str, str]]:
    for number, (module, model) in enumerate(MINDCV.items()):
        # By the factory, and every other one by its own function.
        if number % 2:
            build = f"from mindcv.models.{module} import {model}\n\nnet = {model}(num_classes=10)\n"
        else:
            build = f'from mindcv.models import create_model\n\nnet = create_model("{model}", num_classes=10)\n'
        yield model, f"from mindspore import nn\n{build}{_OPTIMIZER}"


ALL = (Package("mindcv", _mindcv),)
