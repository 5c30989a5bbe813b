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


#: The smallest models of the families of mindocr 0.5.0 that a CPU can build without a download, by the module that they are in.
MINDOCR = {
    "cls_mobilenet_v3_small_100_model": "cls_mv3",
    "dbnet_resnet18": "det_dbnet",
    "dbnet_ppocrv3": "det_dbnet",
    "dbnetpp_resnet50": "det_dbnet",
    "psenet_resnet152": "det_psenet",
    "crnn_vgg7": "rec_crnn",
    "crnn_resnet34": "rec_crnn",
    "master_resnet31": "rec_master",
    "rare_resnet34": "rec_rare",
    "robustscanner_resnet31": "rec_robustscanner",
    "svtr_tiny": "rec_svtr",
    "visionlan_resnet45": "rec_visionlan",
    "table_master": "table_master",
    "yolov8": "layout_yolov8",
}

#: What mindocr imports and its networks do not need. Its ``abinet`` is for older releases.
_MINDOCR_NEEDS = tuple(
    "cv2 shapely pyclipper matplotlib lmdb PIL skimage sklearn rapidfuzz Levenshtein lxml scipy "
    "sentencepiece huggingface_hub filelock requests nltk seqeval pycocotools albumentations "
    "mindspore.parallel._transformer".split()
)

#: What makes up each family of mindyolo 0.5.0: its blocks and its head. A whole model comes from a YAML file, whose texts are
#: evaluated; ``_YOLOV5`` has one written out.
MINDYOLO = {
    "yolov3_parts": ("Bottleneck(16, 16), SPPF(16, 32)", "YOLOv3Head(4, _ANCHORS, (8, 16, 32), (32, 32, 32))"),
    "yolov4_parts": ("Residualblock(16, 16), ConvNormAct(16, 32, 3, 2)", "YOLOv4Head(4, [(12, 16)] * 9, (32, 32, 32))"),
    "yolov5_parts": ("C3(16, 32, 2), SPPF(32, 32)", "YOLOv5Head(4, _ANCHORS, (8, 16, 32), (32, 32, 32))"),
    "yolov7_parts": (
        "RepConv(16, 16), SPPCSPC(16, 32), DownC(32, 32)",
        "YOLOv7Head(4, _ANCHORS, (8, 16, 32), (32, 32, 32))",
    ),
    "yolov8_parts": ("C2f(16, 32, 2, True), SPPF(32, 32)", "YOLOv8Head(4, 16, (8, 16, 32), (32, 32, 32))"),
    "yolov9_parts": (
        "RepNCSPELAN4(16, 32, 32, 16), SPPELAN(32, 32, 16), ADown(32, 32)",
        "YOLOv9Head(4, 16, (8, 16, 32), (32, 32, 32))",
    ),
    "yolov10_parts": (
        "SCDown(16, 128, 3, 2), PSA(128, 128), C2fCIB(128, 32, 1, True, True)",
        "YOLOv10Head(4, 16, (8, 16, 32), (32, 32, 32))",
    ),
    "yolov11_parts": (
        "C3k2(16, 128, 2, True), C2PSA(128, 128, 2)",
        "YOLOv11Head(4, 16, (8, 16, 32), (32, 32, 32))",
    ),
    "yolox_parts": ("Focus(3, 16, 3), DWC3(16, 32, 2)", "YOLOXHead(4, ch=(32, 32, 32))"),
}

_PARTS = """from mindyolo.models.heads import *
from mindyolo.models.layers import *

_ANCHORS = [[10, 13, 16, 30, 33, 23], [30, 61, 62, 45, 59, 119], [116, 90, 156, 198, 373, 326]]


class Net(nn.Cell):
    def __init__(self):
        super().__init__()
        self.model = nn.CellList([BLOCKS])
        self.head = HEAD


net = Net()
"""

_YOLOV5 = """from mindyolo.models import create_model
from mindyolo.utils.config import Config

settings = {
    "model_name": "yolov5",
    "depth_multiple": 0.33,
    "width_multiple": 0.25,
    "stride": [8, 16, 32],
    "anchors": [[10, 13, 16, 30, 33, 23], [30, 61, 62, 45, 59, 119], [116, 90, 156, 198, 373, 326]],
    "backbone": [
        [-1, 1, "ConvNormAct", [64, 6, 2, 2]],
        [-1, 1, "ConvNormAct", [128, 3, 2]],
        [-1, 3, "C3", [128]],
        [-1, 1, "ConvNormAct", [256, 3, 2]],
        [-1, 6, "C3", [256]],
        [-1, 1, "ConvNormAct", [512, 3, 2]],
        [-1, 9, "C3", [512]],
        [-1, 1, "ConvNormAct", [1024, 3, 2]],
        [-1, 3, "C3", [1024]],
        [-1, 1, "SPPF", [1024, 5]],
    ],
    "head": [
        [-1, 1, "ConvNormAct", [512, 1, 1]],
        [-1, 1, "Upsample", ["None", 2, "nearest"]],
        [[-1, 6], 1, "Concat", [1]],
        [-1, 3, "C3", [512, False]],
        [-1, 1, "ConvNormAct", [256, 1, 1]],
        [-1, 1, "Upsample", ["None", 2, "nearest"]],
        [[-1, 4], 1, "Concat", [1]],
        [-1, 3, "C3", [256, False]],
        [-1, 1, "ConvNormAct", [256, 3, 2]],
        [[-1, 14], 1, "Concat", [1]],
        [-1, 3, "C3", [512, False]],
        [-1, 1, "ConvNormAct", [512, 3, 2]],
        [[-1, 10], 1, "Concat", [1]],
        [-1, 3, "C3", [1024, False]],
        [[17, 20, 23], 1, "YOLOv5Head", ["nc", "anchors", "stride"]],
    ],
}
net = create_model("yolov5", model_cfg=Config(settings), num_classes=80)
"""

_MINDYOLO_NEEDS = ("cv2", "pycocotools", "albumentations", "PIL", "matplotlib", "scipy", "requests")

_EAST = """from mindocr.models.det_east import EAST

backbone = {"name": "det_resnet50", "pretrained": False}
head = {"name": "EASTHead"}
net = EAST({"backbone": backbone, "neck": {"name": "EASTFPN", "out_channels": 128}, "head": head})
"""


class Package(NamedTuple):
    """A package and what it can build, each as a name and a program. What it ``needs`` and is not here gets stand-ins."""

    name: str
    programs: Callable[[], Iterator[tuple[str, str]]]
    needs: tuple[str, ...] = ()


def _mindcv() -> Iterator[tuple[str, str]]:
    for number, (module, model) in enumerate(MINDCV.items()):
        # By the factory, and every other one by its own function.
        if number % 2:
            build = f"from mindcv.models.{module} import {model}\n\nnet = {model}(num_classes=10)\n"
        else:
            build = f'from mindcv.models import create_model\n\nnet = create_model("{model}", num_classes=10)\n'
        yield model, f"from mindspore import nn\n{build}{_OPTIMIZER}"


def _mindocr() -> Iterator[tuple[str, str]]:
    for number, (model, module) in enumerate(MINDOCR.items()):
        words = "pretrained=False, pretrained_backbone=False" if module[:4] in ("cls_", "det_") else "pretrained=False"
        if number % 2:
            build = f"from mindocr.models.{module} import {model}\n\nnet = {model}({words})\n"
        else:
            build = f'from mindocr.models import build_model\n\nnet = build_model("{model}", {words})\n'
        yield model, f"from mindspore import nn\n{build}{_OPTIMIZER}"
    yield "east_resnet50", f"from mindspore import nn\n{_EAST}{_OPTIMIZER}"


def _mindyolo() -> Iterator[tuple[str, str]]:
    for name, (blocks, head) in MINDYOLO.items():
        parts = _PARTS.replace("BLOCKS", blocks).replace("HEAD", head)
        yield name, f"from mindspore import nn\n{parts}{_OPTIMIZER}"
    yield "yolov5", f"from mindspore import nn\n{_YOLOV5}{_OPTIMIZER}"


ALL = (
    Package("mindcv", _mindcv),
    Package("mindocr", _mindocr, _MINDOCR_NEEDS),
    Package("mindyolo", _mindyolo, _MINDYOLO_NEEDS),
)
