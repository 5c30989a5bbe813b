import mindspore as ms
from mindspore import nn

from typing import Type, Union, List, Optional


class ResidualBlockBase(nn.Cell):
    expansion: int = 1

    def __init__(
        self,
        in_channel: int,
        out_channel: int,
        stride: int = 1,
        norm: Optional[nn.Cell] = None,
        down_sample: Optional[nn.Cell] = None,
    ) -> None:
        super(ResidualBlockBase, self).__init__()
        if not norm:
            self.norm = nn.BatchNorm2d(out_channel)
        else:
            self.norm = norm
        self.conv1 = nn.Conv2d(in_channel, out_channel, kernel_size=3, stride=stride)
        self.conv2 = nn.Conv2d(in_channel, out_channel, kernel_size=3)
        self.relu = nn.ReLU()
        self.down_sample = down_sample


class ResidualBlock(nn.Cell):
    expansion = 4

    def __init__(
        self, in_channel: int, out_channel: int, stride: int = 1, down_sample: Optional[nn.Cell] = None
    ) -> None:
        super(ResidualBlock, self).__init__()
        self.conv1 = nn.Conv2d(in_channel, out_channel, kernel_size=1)
        self.norm1 = nn.BatchNorm2d(out_channel)
        self.conv2 = nn.Conv2d(out_channel, out_channel, kernel_size=3, stride=stride)
        self.norm2 = nn.BatchNorm2d(out_channel)
        self.conv3 = nn.Conv2d(out_channel, out_channel * self.expansion, kernel_size=1)
        self.norm3 = nn.BatchNorm2d(out_channel * self.expansion)
        self.relu = nn.ReLU()
        self.down_sample = down_sample


def make_layer(
    last_out_channel,
    block: Type[Union[ResidualBlockBase, ResidualBlock]],
    channel: int,
    block_nums: int,
    stride: int = 1,
):
    down_sample = None
    if stride != 1 or last_out_channel != channel * block.expansion:
        down_sample = nn.SequentialCell(
            [
                nn.Conv2d(last_out_channel, channel * block.expansion, kernel_size=1, stride=stride),
                nn.BatchNorm2d(channel * block.expansion, gamma_init="ones"),
            ]
        )
    layers = []
    layers.append(block(last_out_channel, channel, stride=stride, down_sample=down_sample))
    in_channel = channel * block.expansion
    for _ in range(1, block_nums):
        layers.append(block(in_channel, channel))
    return nn.SequentialCell(layers)


class ResNet(nn.Cell):
    def __init__(self, block, layer_nums: List[int], num_classes: int, input_channel: int) -> None:
        super(ResNet, self).__init__()
        self.relu = nn.ReLU()
        self.conv1 = nn.Conv2d(3, 64, kernel_size=7, stride=2)
        self.norm = nn.BatchNorm2d(64)
        self.max_pool = nn.MaxPool2d(kernel_size=3, stride=2, pad_mode="same")
        self.layer1 = make_layer(64, block, 64, layer_nums[0])
        self.layer2 = make_layer(64 * block.expansion, block, 128, layer_nums[1], stride=2)
        self.layer3 = make_layer(128 * block.expansion, block, 256, layer_nums[2], stride=2)
        self.layer4 = make_layer(256 * block.expansion, block, 512, layer_nums[3], stride=2)
        self.avg_pool = nn.AvgPool2d()
        self.flatten = nn.Flatten()
        self.fc = nn.Dense(in_channels=input_channel, out_channels=num_classes)


def _resnet(model_url, block, layers, num_classes, pretrained, pretrained_ckpt, input_channel):
    model = ResNet(block, layers, num_classes, input_channel)
    if pretrained:
        ms.load_param_into_net(model, ms.load_checkpoint(pretrained_ckpt))
    return model


def resnet50(num_classes: int = 1000, pretrained: bool = False):
    return _resnet("url", ResidualBlock, [3, 4, 6, 3], num_classes, pretrained, "ckpt", 2048)


net = resnet50(pretrained=False)
in_channel = net.fc.in_channels
net.fc = nn.Dense(in_channels=in_channel, out_channels=10)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
