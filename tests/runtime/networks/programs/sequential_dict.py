from collections import OrderedDict

from mindspore import nn

net = nn.SequentialCell(
    OrderedDict([("conv", nn.Conv2d(1, 2, 3)), ("norm", nn.BatchNorm2d(2, affine=False)), ("relu", nn.ReLU())])
)
optimizer = nn.Momentum(net.trainable_params(), learning_rate=0.1, momentum=0.9)
